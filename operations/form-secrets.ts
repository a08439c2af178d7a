/**
 * Secrets that somebody types into a form: they go to the secret store, and what is stored, logged or sent to a worker has
 * a reference in their place. Nothing gives a value back.
 */
import { connectionOf, type JsonSchema, secretPaths, stepsOf } from '@tributary/connector-sdk'
import { isSecretReference, secretNames } from '@tributary/schemas'
import { boundReferences, type SentConfig } from './bound-secrets.js'
import type { OperationContext } from './context.js'
import { HIDDEN_SECRET, keptName, referenceTo, trialName, trialPrefix } from './form-secret-names.js'
import { SecretInvalid, setSecret } from './secrets.js'

type SecretsContext = Pick<OperationContext, 'secrets'>
type Config = Readonly<Record<string, unknown>>
type Path = readonly string[]

/** What is sent, after `assertSecretsStay` let it pass. */
export interface FormSecretsInput extends SentConfig {
  /** Where the form shows {@link HIDDEN_SECRET}, the value of this one is meant. */
  readonly previous?: Config
}

/**
 * The config with references to secrets only, for trying it. What was typed gets names of this very connection, which change
 * nothing of what is kept or published.
 * @throws SecretInvalid
 */
export function storeForTrial(context: SecretsContext, input: FormSecretsInput): Promise<Config> {
  return storeTyped(input, async (value, path) => {
    const name = trialNameAt(input, path)
    if (await isStored(context, name, value)) return name
    throw new SecretInvalid(
      `keeping the secret ${name}: the environment sets it and comes first; change it there`,
    )
  })
}

/**
 * The same for keeping it. What was typed, now or for a trial of this connection, replaces what was kept for this connection;
 * for another one it gets a name that nothing else has. So no two connections share a name by themselves, and what is published
 * goes on with its own secret until the draft is published.
 * @param isTaken whether some file refers to a name
 * @throws SecretInvalid
 */
export async function storeToKeep(
  context: SecretsContext,
  input: FormSecretsInput,
  isTaken: (name: string) => boolean,
): Promise<Config> {
  const given = await withTried(context, input)
  const staying = new Set(secretNames(JSON.stringify(given)))
  return storeTyped({ ...input, config: given }, async (value, path) => {
    const bound = boundReferences(input, path)
    for (const name of namesFrom(keptName({ ...input, path }))) {
      const isOwn = bound.includes(referenceTo(name)) && !staying.has(name)
      const isFree = isOwn || (!isTaken(name) && (await context.secrets.get(name)) === undefined)
      if (!isFree || !(await isStored(context, name, value))) continue
      staying.add(name)
      return name
    }
    throw new SecretInvalid(
      `keeping a secret of the ${input.kind} ${input.id}: no name is left; remove old ones`,
    )
  })
}

/** Forgets what was typed for trials of a thing: it is kept now, or of no use any more. */
export async function forgetTrials(
  { secrets }: SecretsContext,
  thing: Pick<SentConfig, 'kind' | 'id'>,
): Promise<void> {
  const prefix = trialPrefix(thing)
  for (const name of await secrets.list()) if (name.startsWith(prefix)) await secrets.remove?.(name)
}

/** The config with the values that were typed for a trial of this connection; saved again, with the names that they got. */
function withTried(context: SecretsContext, input: FormSecretsInput): Promise<Config> {
  return changeSecrets(input.spec, input.config, async (value, path) => {
    const name = trialNameAt(input, path)
    if (value !== referenceTo(name)) return value
    return (await context.secrets.get(name)) ?? boundReferences(input, path).find(isSecretReference) ?? value
  })
}

/** The config with references in place of what was typed. @param store keeps a value and gives its name */
function storeTyped(
  { spec, config, previous = {} }: FormSecretsInput,
  store: (value: string, path: Path) => Promise<string>,
): Promise<Config> {
  return changeSecrets(spec, config, async (value, path) => {
    if (typeof value === 'string' && isSecretReference(value)) return value
    const meant = value === HIDDEN_SECRET ? (valueAt(previous, path) ?? '') : value
    // An empty field is left out: the spec says whether it may be.
    return meant === '' ? undefined : referenceTo(await store(String(meant), path))
  })
}

function trialNameAt({ kind, id, connector, spec, config }: SentConfig, path: Path): string {
  return trialName({ kind, id, path }, { connector, connection: connectionOf(spec, config) })
}

/** False where the environment knows the name and goes first: then the value would never be used. */
async function isStored(context: SecretsContext, name: string, value: string): Promise<boolean> {
  await setSecret(context, name, value)
  return (await context.secrets.get(name)) === value
}

const MOST_NAMES = 1000

function* namesFrom(base: string): Generator<string> {
  yield base
  for (let number = 2; number <= MOST_NAMES; number += 1) yield `${base}_${number}`
}

/** The config as a reader may see it: secrets that are no references are hidden. */
export function hideSecrets(spec: JsonSchema, config: Config): Promise<Config> {
  return changeSecrets(spec, config, async (value) =>
    typeof value === 'string' && isSecretReference(value) ? value : HIDDEN_SECRET,
  )
}

type Change = (value: string | number, path: Path) => Promise<unknown>

async function changeSecrets(spec: JsonSchema, config: Config, change: Change): Promise<Config> {
  let changed: unknown = config
  for (const path of secretPaths(spec)) {
    changed = await changeAt(changed, stepsOf(path), [], change)
  }
  return changed as Config
}

async function changeAt(value: unknown, rest: Path, path: Path, change: Change): Promise<unknown> {
  const [key, ...more] = rest
  if (key === undefined) return changeLeaves(value, path, change)
  if (key === '[]') {
    if (!Array.isArray(value)) return value
    return inTurn(value, (item, index) => changeAt(item, more, [...path, String(index)], change))
  }
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  return withEntry(value, key, await changeAt(value[key], more, [...path, key], change))
}

async function changeLeaves(value: unknown, path: Path, change: Change): Promise<unknown> {
  if (typeof value === 'string' || typeof value === 'number') return change(value, path)
  if (Array.isArray(value)) {
    return inTurn(value, (item, index) => changeLeaves(item, [...path, String(index)], change))
  }
  if (!isObject(value)) return value
  let changed: Config = value
  for (const [key, item] of Object.entries(value)) {
    changed = withEntry(changed, key, await changeLeaves(item, [...path, key], change))
  }
  return changed
}

/** One after the other: each sees which names the ones before it took. */
async function inTurn(
  items: readonly unknown[],
  change: (item: unknown, index: number) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const changed: unknown[] = []
  for (const [index, item] of items.entries()) changed.push(await change(item, index))
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
