/** `tributary secrets`: keeps values for `${secret:NAME}`; they are never shown again. */
import { nearestName, secretNames } from '@tributary/schemas'
import { isReservedSecret, SECRET_NAME } from '../runtime/secrets/provider.js'
import { isRotatedSecretOf } from '../runtime/secrets/rotated.js'
import { latestRevision } from '../warehouse/revisions.js'
import { idOf, readFiles } from '../workspace/files.js'
import type { OperationContext } from './context.js'

export type SecretsContext = Pick<OperationContext, 'secrets'>
export type SecretUsesContext = Pick<OperationContext, 'secrets' | 'workspaceDir' | 'warehouse'>

/** A source or a destination whose draft or published file needs a secret. */
export interface SecretUser {
  readonly kind: 'source' | 'destination'
  readonly id: string
}

export interface SecretLine {
  readonly name: string
  /** `kept`: by this workspace; `given`: by the environment or a mounted folder, where it is changed. */
  readonly place: 'kept' | 'given'
  /** Empty: nothing needs it. */
  readonly usedBy: readonly SecretUser[]
}

/** The name or the value cannot be a secret's. */
export class SecretInvalid extends Error {
  override readonly name = 'SecretInvalid'
}

/** No secret has this name. */
export class SecretUnknown extends Error {
  override readonly name = 'SecretUnknown'
}

/** Something needs the secret. */
export class SecretInUse extends Error {
  override readonly name = 'SecretInUse'
}

/** Keeps a value, replacing the one before. @throws SecretInvalid */
export async function setSecret({ secrets }: SecretsContext, name: string, value: string): Promise<void> {
  if (!SECRET_NAME.test(name)) {
    const proposal = nearestName(name, [name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')])
    throw new SecretInvalid(
      `setting the secret ${name}: write capital letters, digits and _, starting with a letter, e.g. ${proposal ?? 'SHOP_PASSWORD'}`,
    )
  }
  if (isReservedSecret(name)) {
    throw new SecretInvalid(
      `setting the secret ${name}: names that begin with TRIBUTARY_ are the product's own; choose another name`,
    )
  }
  if (value === '')
    throw new SecretInvalid(`setting the secret ${name}: it is empty; give its value on stdin`)
  if (!secrets.set) {
    throw new SecretInvalid(`setting the secret ${name}: ${secrets.place} cannot keep it; set it there`)
  }
  await secrets.set(name, value)
}

/** Names only, sorted; without those of the product itself. */
export async function listSecrets({ secrets }: SecretsContext): Promise<readonly string[]> {
  return (await secrets.list()).filter((name) => !isReservedSecret(name))
}

/** The same names with where they come from and what needs them, in a draft or as it is published. */
export async function secretLines(context: SecretUsesContext): Promise<readonly SecretLine[]> {
  const [names, given = [], users] = await Promise.all([
    listSecrets(context),
    context.secrets.given?.(),
    secretUsers(context),
  ])
  return names.map((name) => ({
    name,
    place: given.includes(name) ? 'given' : 'kept',
    usedBy: users.filter(({ needs }) => needs(name)).map(({ user }) => user),
  }))
}

/**
 * Forgets a value for good, where nothing needs it: what a draft left behind, or what was replaced by another.
 * @throws SecretUnknown, SecretInUse, SecretInvalid where it is not kept here
 */
export async function removeSecret(context: SecretUsesContext, name: string): Promise<void> {
  const lines = await secretLines(context)
  const line = lines.find((each) => each.name === name)
  if (line === undefined) {
    const meant = nearestName(
      name,
      lines.map((each) => each.name),
    )
    const remedy = meant === undefined ? 'see tributary secrets list' : `did you mean ${meant}?`
    throw new SecretUnknown(`removing the secret ${name}: there is none; ${remedy}`)
  }
  const [user] = line.usedBy
  if (user !== undefined) {
    throw new SecretInUse(
      `removing the secret ${name}: the ${user.kind} ${user.id} needs it; change or remove that first, and publish it`,
    )
  }
  if (line.place === 'given' || !context.secrets.remove) {
    throw new SecretInvalid(
      `removing the secret ${name}: it comes from the environment or a mounted folder; remove it there`,
    )
  }
  await context.secrets.remove(name)
}

/** Names that sources and destinations refer to, in drafts or as they are published. */
export async function referredSecrets(context: SecretUsesContext): Promise<ReadonlySet<string>> {
  const texts = await userTexts(context)
  return new Set(texts.flatMap(({ text }) => secretNames(text)))
}

interface Need {
  readonly user: SecretUser
  readonly needs: (name: string) => boolean
}

async function secretUsers(context: SecretUsesContext): Promise<readonly Need[]> {
  const texts = await userTexts(context)
  return texts.map(({ user, text }) => {
    const referred = secretNames(text)
    return { user, needs: (name) => referred.includes(name) || isRotatedSecretOf(user, name) }
  })
}

/** Texts rather than what they mean, so that a file with errors keeps its secrets, too. */
async function userTexts({
  workspaceDir,
  warehouse,
}: SecretUsesContext): Promise<readonly { readonly user: SecretUser; readonly text: string }[]> {
  const [{ files: drafts }, latest] = await Promise.all([
    readFiles(workspaceDir),
    warehouse().then(latestRevision),
  ])
  const published = latest?.files ?? {}
  const paths = [...new Set([...Object.keys(drafts), ...Object.keys(published)])].sort()
  return paths.flatMap((path) => {
    const user = userOf(path)
    return user === undefined ? [] : [{ user, text: `${drafts[path] ?? ''}\n${published[path] ?? ''}` }]
  })
}

function userOf(path: string): SecretUser | undefined {
  const source = idOf('sources', path)
  if (source !== undefined) return { kind: 'source', id: source }
  const destination = idOf('destinations', path)
  return destination === undefined ? undefined : { kind: 'destination', id: destination }
}
