/** `tributary members`: who may use the server, as what. Every change is a row, and an entry of the audit log. */
import { randomBytes } from 'node:crypto'
import { nearestName } from '@tributary/schemas'
import { readMembers, type StoredMember, writeMember } from '../../warehouse/access/members.js'
import { recordAudit } from '../../warehouse/audit.js'
import type { OperationContext } from '../context.js'
import { INVITATION_MS, makeLink, type OneTimeLink, revokeLinks } from './links.js'
import type { Role } from './roles.js'

export type MembersContext = Pick<OperationContext, 'warehouse'>

export interface Member {
  readonly id: string
  /** As they are called, and as the record names them. */
  readonly name: string
  readonly role: Role
}

/** A member as the list shows it. */
export interface ListedMember extends Member {
  /** ISO 8601. */
  readonly since: string
}

/** A member as sessions are checked against. */
export interface MemberState extends ListedMember {
  /** Sessions of an earlier one are over. */
  readonly epoch: number
}

/** Nobody of this name or id is a member. */
export class MemberUnknown extends Error {
  override readonly name = 'MemberUnknown'
}

/** The name is taken, or no name. */
export class MemberInvalid extends Error {
  override readonly name = 'MemberInvalid'
}

/** Nobody would be left who may do everything. */
export class LastAdmin extends Error {
  override readonly name = 'LastAdmin'
}

/** Those who are members now, by name. */
export async function listMembers(context: MembersContext): Promise<readonly ListedMember[]> {
  const members = await currentMembers(context)
  return members.map(({ id, name, role, since }) => ({ id, name, role, since }))
}

/** The same with what sessions need. */
export async function currentMembers({ warehouse }: MembersContext): Promise<readonly MemberState[]> {
  const rows = await readMembers(await warehouse())
  return rows.filter(({ removed }) => !removed).map(asState)
}

/** @param named id, or name @throws MemberUnknown */
export async function knownMember(
  context: MembersContext,
  named: string,
  doing: string,
): Promise<MemberState> {
  const members = await currentMembers(context)
  const found = members.find(({ id, name }) => id === named || name === named)
  if (found) return found
  const meant = nearestName(
    named,
    members.map(({ name }) => name),
  )
  throw new MemberUnknown(
    `${doing}: there is no member ${named}; ${meant ? `did you mean ${meant}?` : 'see tributary members list'}`,
  )
}

/** Adds a member and makes the link with which they sign in first; it is shown only now. @throws MemberInvalid */
export async function inviteMember(
  context: MembersContext,
  { name, role, by }: { readonly name: string; readonly role: Role; readonly by: string },
): Promise<{ readonly member: Member; readonly link: OneTimeLink }> {
  const member = await addMember(context, { name: name.trim(), role, by })
  const link = await makeLink(context, { member: member.id, validMs: INVITATION_MS, by })
  return { member, link }
}

/** Adds a member who has no link yet. @throws MemberInvalid */
export async function addMember(
  context: MembersContext,
  { name, role, by }: { readonly name: string; readonly role: Role; readonly by: string },
): Promise<Member> {
  const doing = 'inviting a member'
  if (!/^[^\p{Cc}]{1,100}$/u.test(name))
    throw new MemberInvalid(`${doing}: this is no name; write 1 to 100 characters`)
  const members = await currentMembers(context)
  if (members.some((member) => member.name.toLowerCase() === name.toLowerCase()))
    throw new MemberInvalid(`${doing}: ${name} is a member already; choose another name`)
  const id = `m_${randomBytes(9).toString('base64url')}`
  const warehouse = await context.warehouse()
  await writeMember(warehouse, { member: id, name, role, epoch: 1, removed: false, version: 1, author: by })
  await recordAudit(warehouse, { actor: by, action: 'members invite', subject: name, detail: `as ${role}` })
  return { id, name, role }
}

/** Takes effect at their next request. Idempotent. @throws MemberUnknown, LastAdmin */
export async function changeRole(
  context: MembersContext,
  named: string,
  { role, by }: { readonly role: Role; readonly by: string },
): Promise<Member> {
  const member = await knownMember(context, named, `changing the role of ${named}`)
  if (member.role === role) return { id: member.id, name: member.name, role }
  await rewriteUnlessLast(context, member, { role, author: by }, `changing the role of ${member.name}`)
  await recordAudit(await context.warehouse(), {
    actor: by,
    action: 'members role',
    subject: member.name,
    detail: `${member.role} → ${role}`,
  })
  return { id: member.id, name: member.name, role }
}

/** Their sessions are over, their links are void. @throws MemberUnknown, LastAdmin */
export async function removeMember(
  context: MembersContext,
  named: string,
  { by }: { readonly by: string },
): Promise<Member> {
  const member = await knownMember(context, named, `removing ${named}`)
  const change = { removed: true, epoch: member.epoch + 1, author: by }
  await rewriteUnlessLast(context, member, change, `removing ${member.name}`)
  await revokeLinks(context, member.id, by)
  await recordAudit(await context.warehouse(), {
    actor: by,
    action: 'members remove',
    subject: member.name,
    detail: '',
  })
  return { id: member.id, name: member.name, role: member.role }
}

/** Ends every session of a member, everywhere. @throws MemberUnknown */
export async function signOutEverywhere(
  context: MembersContext,
  named: string,
  { by }: { readonly by: string },
): Promise<Member> {
  const member = await knownMember(context, named, `signing ${named} out`)
  await rewrite(context, member.id, { epoch: member.epoch + 1, author: by })
  await revokeLinks(context, member.id, by)
  await recordAudit(await context.warehouse(), {
    actor: by,
    action: 'members sign-out',
    subject: member.name,
    detail: '',
  })
  return { id: member.id, name: member.name, role: member.role }
}

/**
 * Of two admins who go at the same moment each may see the other one still there: whoever then finds nobody left comes back.
 * @throws LastAdmin
 */
async function rewriteUnlessLast(
  context: MembersContext,
  member: MemberState,
  change: MemberChange,
  doing: string,
): Promise<void> {
  const goes = member.role === 'admin'
  if (goes) await assertAdmin(context, doing, ({ id }) => id !== member.id)
  await rewrite(context, member.id, change)
  if (!goes) return
  try {
    await assertAdmin(context, doing)
  } catch (error) {
    await rewrite(context, member.id, { role: member.role, removed: false, author: change.author })
    throw error
  }
}

/** @throws LastAdmin */
async function assertAdmin(
  context: MembersContext,
  doing: string,
  counts: (member: MemberState) => boolean = () => true,
): Promise<void> {
  const members = await currentMembers(context)
  if (members.some((member) => member.role === 'admin' && counts(member))) return
  throw new LastAdmin(`${doing}: nobody else is admin; make another member admin first`)
}

type MemberChange = Partial<Pick<StoredMember, 'role' | 'removed' | 'epoch'>> & { readonly author: string }

async function rewrite({ warehouse }: MembersContext, id: string, change: MemberChange): Promise<void> {
  const rows = await readMembers(await warehouse())
  const { since: _since, ...current } = rows.find(({ member }) => member === id)!
  await writeMember(await warehouse(), { ...current, ...change, version: current.version + 1 })
}

function asState({ member, name, role, since, epoch }: StoredMember): MemberState {
  return { id: member, name, role: role as Role, since, epoch }
}
