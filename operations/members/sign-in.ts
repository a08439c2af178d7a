/** `tributary login-link`: a way in for whoever is at the machine, who may do everything there anyway. */
import { NotConfigured } from '../../runtime/config.js'
import { readStack } from '../../runtime/stack.js'
import { recordAudit } from '../../warehouse/audit.js'
import type { OperationContext } from '../context.js'
import { makeLink, SIGN_IN_MS, signInPath } from './links.js'
import { addMember, currentMembers, knownMember, type Member } from './members.js'

export interface SignInLink {
  readonly member: Member
  /** The whole address; good for one sign-in. */
  readonly url: string
  /** ISO 8601. */
  readonly expiresAt: string
}

/**
 * Makes a link for a member; where none is named, for the admin who is longest here. The first member is made here: admin,
 * under the name of who asks.
 * @throws MemberUnknown
 */
export async function signInLink(
  context: Pick<OperationContext, 'warehouse'>,
  options: { readonly serverUrl: string; readonly member?: string; readonly by: string },
): Promise<SignInLink> {
  const { serverUrl, member: named, by } = options
  const state =
    named === undefined
      ? ((await firstAdmin(context)) ?? (await addMember(context, { name: by, role: 'admin', by })))
      : await knownMember(context, named, 'making a sign-in link')
  const { id, name, role } = state
  const link = await makeLink(context, { member: id, validMs: SIGN_IN_MS, by })
  await recordAudit(await context.warehouse(), {
    actor: by,
    action: 'login-link',
    subject: name,
    detail: '',
  })
  return { member: { id, name, role }, url: serverUrl + signInPath(link.token), expiresAt: link.expiresAt }
}

/** Whether nobody has ever been a member: then the first start shows the way in. */
export async function hasNoMembers(context: Pick<OperationContext, 'warehouse'>): Promise<boolean> {
  return (await currentMembers(context)).length === 0
}

/** Where the server of a workspace is: TRIBUTARY_SERVER_URL, or the local stack. @throws NotConfigured */
export async function serverAddress(
  workspaceDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { server } = await readStack(workspaceDir, env)
  const url = env.TRIBUTARY_SERVER_URL || server?.url
  if (url) return url.replace(/\/+$/, '')
  throw new NotConfigured(
    'finding the server: none runs; start it with tributary up or tributary server, or set TRIBUTARY_SERVER_URL',
  )
}

async function firstAdmin(context: Pick<OperationContext, 'warehouse'>): Promise<Member | undefined> {
  const admins = (await currentMembers(context)).filter(({ role }) => role === 'admin')
  return admins.sort((a, b) => (a.since < b.since ? -1 : 1))[0]
}
