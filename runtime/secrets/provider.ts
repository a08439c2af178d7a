/** Where secrets come from. A workspace file names a secret as `${secret:NAME}`; only activities and the CLI resolve it. */

export interface SecretProvider {
  /** Where a person would look for it, for messages: `environment`, `the encrypted file`. */
  readonly place: string
  get(name: string): Promise<string | undefined>
  /** Absent: this provider cannot keep secrets. */
  set?(name: string, value: string): Promise<void>
  /** Forgets one that was set; there where `set` is. */
  remove?(name: string): Promise<void>
  /** Of several providers: names that come from one which cannot keep secrets, and so are changed where it has them. */
  given?(): Promise<string[]>
  /** Names only, sorted. */
  list(): Promise<string[]>
}

/** Names that files and the command line may use. */
export const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,127}$/

/** Secrets of the product itself: no file may refer to them, and nobody sets them by hand. */
export function isReservedSecret(name: string): boolean {
  return name.startsWith('TRIBUTARY_')
}

const REFERENCE = /\$\{secret:([^}]*)\}/g

export class SecretMissing extends Error {
  override readonly name = 'SecretMissing'
}

/** A file refers to a secret of the product itself. */
export class SecretReserved extends Error {
  override readonly name = 'SecretReserved'
}

/** Asks providers in order; the first that has the name wins. */
export function chainProviders(providers: readonly SecretProvider[]): SecretProvider {
  const writable = providers.find((provider) => provider.set !== undefined)
  const namesOf = async (some: readonly SecretProvider[]) => {
    const names = await Promise.all(some.map((provider) => provider.list()))
    return [...new Set(names.flat())].sort()
  }
  return {
    place: providers.map((provider) => provider.place).join(', '),
    async get(name) {
      for (const provider of providers) {
        const value = await provider.get(name)
        if (value !== undefined) return value
      }
      return undefined
    },
    ...(writable?.set && { set: writable.set.bind(writable) }),
    ...(writable?.remove && { remove: writable.remove.bind(writable) }),
    given: () => namesOf(providers.filter((provider) => provider.set === undefined)),
    list: () => namesOf(providers),
  }
}

/** A copy of the value with every reference replaced. Throws SecretMissing naming the secret and the remedy, SecretReserved. */
export async function resolveSecrets(value: unknown, secrets: SecretProvider): Promise<unknown> {
  if (typeof value === 'string') return resolveText(value, secrets)
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveSecrets(item, secrets)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, item]) => [key, await resolveSecrets(item, secrets)])
  return Object.fromEntries(await Promise.all(entries))
}

/** Names that a value refers to, each once. */
export function referencedSecrets(value: unknown): string[] {
  const names = [...JSON.stringify(value ?? null).matchAll(REFERENCE)].map((match) => match[1] ?? '')
  return [...new Set(names)].sort()
}

async function resolveText(text: string, secrets: SecretProvider): Promise<string> {
  const parts = text.split(REFERENCE)
  // split() with one group alternates: text, name, text, name, …
  const resolved = await Promise.all(
    parts.map((part, index) => (index % 2 === 0 ? part : resolveName(part, secrets))),
  )
  return resolved.join('')
}

async function resolveName(name: string, secrets: SecretProvider): Promise<string> {
  if (isReservedSecret(name)) {
    throw new SecretReserved(
      `resolving the secret ${name}: names that begin with TRIBUTARY_ are the product's own; choose another name`,
    )
  }
  const value = await secrets.get(name)
  if (value === undefined) {
    throw new SecretMissing(
      `resolving the secret ${name}: not in ${secrets.place}; set it with \`tributary secrets set ${name}\``,
    )
  }
  return value
}
