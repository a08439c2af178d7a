/**
 * Secrets that somebody types into a form: they go to the secret store, and what is stored, logged or sent to a worker has
 * a reference in their place. Nothing gives a value back.
 */
import { type JsonSchema, secretPaths } from '@tributary/connector-sdk'
import { isSecretReference, secretNames } from '@tributary/schemas'
import type { OperationContext } from './context.js'
import { SecretInvalid, setSecret } from './secrets.js'

/** Stands in place of a secret that a file holds itself, though none should. */
export const HIDDEN_SECRET = '•••'

type Config = Readonly<Record<string, unknown>>
type Path = readonly string[]

export interface FormSecretsInput {
  readonly spec: JsonSchema
  readonly config: Config
  readonly kind: 'source' | 'destination'
  /** Of the source or destination. */
  readonly id: string
  /** Where the form shows {@link HIDDEN_SECRET}, the value of this one is meant. */
  readonly previous?: Config
}

/**
 * The config with references to secrets only. A draft's values have names of their own, so that trying a config never
 * changes what a published one uses; keeping a config takes them over.
 * @param purpose `try` a draft, or `keep` it
 * @throws SecretInvalid
 */
export async function storeFormSecrets(
  context: Pick<OperationContext, 'secrets'>,
  { spec, config, kind, id, previous = {} }: FormSecretsInput,
  purpose: 'try' | 'keep',
): Promise<Config> {
  const owner = nameOf(kind, id)
  return changeSecrets(spec, config, async (value, path) => {
    const name = `${owner}__${nameOf(...path)}`
    if (typeof value === 'string' && isSecretReference(value)) {
      const [referred = ''] = secretNames(value)
      if (purpose === 'try' || !referred.startsWith(draftName(owner))) return value
      const tried = await context.secrets.get(referred)
      return tried === undefined ? value : store(context, name, tried)
    }
    const meant = value === HIDDEN_SECRET ? (valueAt(previous, path) ?? '') : value
    // An empty field is left out: the spec says whether it may be.
    if (meant === '') return undefined
    return store(context, purpose === 'try' ? draftName(name) : name, String(meant))
  })
}

/** The config as a reader may see it: secrets that are no references are hidden. */
export function hideSecrets(spec: JsonSchema, config: Config): Promise<Config> {
  return changeSecrets(spec, config, async (value) =>
    typeof value === 'string' && isSecretReference(value) ? value : HIDDEN_SECRET,
  )
}

const MAX_NAMES = 9

async function store(
  context: Pick<OperationContext, 'secrets'>,
  name: string,
  value: string,
): Promise<string> {
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`
    await setSecret(context, candidate, value)
    // The environment may know the name and goes first: then this value would never be used.
    if ((await context.secrets.get(candidate)) === value) return `\${secret:${candidate}}`
  }
  throw new SecretInvalid(
    `keeping the secret ${name}: the environment sets it and comes first; change it there`,
  )
}

const draftName = (name: string): string => `DRAFT_${name}`

/** Parts of a name are joined by one `_`, names by two: `SOURCE_SHOP__PASSWORD`. */
function nameOf(...parts: readonly string[]): string {
  const name = parts.join('_').toUpperCase()
  return name.replace(/[^A-Z0-9]+/g, '_').slice(0, 56)
}

type Change = (value: string | number, path: Path) => Promise<unknown>

async function changeSecrets(spec: JsonSchema, config: Config, change: Change): Promise<Config> {
  let changed: unknown = config
  for (const path of secretPaths(spec)) {
    changed = await changeAt(changed, path.split(/\.|(?=\[\])/), [], change)
  }
  return changed as Config
}

async function changeAt(value: unknown, rest: Path, path: Path, change: Change): Promise<unknown> {
  const [key, ...more] = rest
  if (key === undefined) return changeLeaves(value, path, change)
  if (key === '[]') {
    if (!Array.isArray(value)) return value
    return Promise.all(value.map((item, index) => changeAt(item, more, [...path, String(index)], change)))
  }
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  return withEntry(value, key, await changeAt(value[key], more, [...path, key], change))
}

async function changeLeaves(value: unknown, path: Path, change: Change): Promise<unknown> {
  if (typeof value === 'string' || typeof value === 'number') return change(value, path)
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => changeLeaves(item, [...path, String(index)], change)))
  }
  if (!isObject(value)) return value
  let changed: Config = value
  for (const [key, item] of Object.entries(value)) {
    changed = withEntry(changed, key, await changeLeaves(item, [...path, key], change))
  }
  return changed
}

function withEntry(value: Config, key: string, entry: unknown): Config {
  if (entry !== undefined) return { ...value, [key]: entry }
  const { [key]: _left, ...rest } = value
  return rest
}

function valueAt(config: unknown, path: Path): string | number | undefined {
  const value = path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (part as Config)[key] : undefined),
    config,
  )
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
