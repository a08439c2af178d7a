/**
 * Where a secret may be sent. It was given for one connection of one source or destination, and stays bound to that: whoever
 * changes the address gives it again. Operators may move one, and the audit log says so. The config of a form comes through
 * here before a connector is asked with it and before it is kept.
 */
import { isDeepStrictEqual } from 'node:util'
import { connectionOf, type JsonSchema, secretPaths, stepsOf, titleAt } from '@tributary/connector-sdk'
import type { OperationContext } from './context.js'
import { HIDDEN_SECRET, referenceTo, trialName } from './form-secret-names.js'
import { recordAction } from './members/audit.js'
import { movesSecrets, type Role } from './members/roles.js'

type Config = Readonly<Record<string, unknown>>
type Path = readonly string[]

/** Who sends a config. */
export interface Asker {
  readonly name: string
  readonly role: Role
}

/** A config with the connector that reads it. */
export interface ConnectorUse {
  /** As the catalogue calls it. */
  readonly connector: string
  readonly config: Config
}

export interface SentConfig extends ConnectorUse {
  readonly kind: 'source' | 'destination'
  /** Of the source or destination. */
  readonly id: string
  readonly spec: JsonSchema
  /** The same thing as it is kept: its draft and what is published. */
  readonly known: readonly ConnectorUse[]
}

/** A config would send a secret elsewhere than where it was given for. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused'
  constructor(
    { kind, id }: Pick<SentConfig, 'kind' | 'id'>,
    /** By the fields of the form. */
    readonly problems: readonly {
      readonly path: string
      readonly message: string
      readonly remedy: string
    }[],
  ) {
    super(`using the secrets of the ${kind} ${id}: ${problems[0]!.message}; ${problems[0]!.remedy}`)
  }
}

/** A secret that stands where it was not given. */
export interface StraySecret {
  readonly path: Path
  /** Titles of the fields that say another place than before; undefined: it was never given here. */
  readonly changed?: readonly string[]
}

/**
 * Lets a config pass whose secrets stay where they are, and every config of those who may move secrets.
 * @throws SecretRefused with the field of each secret
 */
export async function assertSecretsStay(
  context: Pick<OperationContext, 'warehouse'>,
  by: Asker,
  sent: SentConfig,
): Promise<void> {
  const strays = straySecrets(sent)
  if (strays.length === 0) return
  const may = movesSecrets(by.role)
  const told = may ? strays.filter(({ changed }) => changed) : strays
  if (told.length > 0) {
    const detail = `of the ${sent.kind} ${sent.id}: ${told.map(({ path }) => titleAt(sent.spec, path)).join(', ')}`
    const action = may ? 'secrets move' : 'secrets refuse'
    await recordAction(context, { actor: by.name, action, subject: sent.id, detail })
  }
  if (may) return
  throw new SecretRefused(
    sent,
    strays.map((stray) => ({ path: renderPath(stray.path), ...words(sent, stray) })),
  )
}

/** Secrets of a config that are not bound to its connection. */
export function straySecrets(sent: SentConfig): readonly StraySecret[] {
  const { kind, id, connector, spec, config } = sent
  const connection = connectionOf(spec, config)
  const known = sent.known.map((use) => ({ ...use, held: heldSecrets(spec, use.config) }))
  return sentSecrets(spec, config).flatMap((secret): StraySecret[] => {
    const { path, text } = secret
    if (text === referenceTo(trialName({ kind, id, path }, { connector, connection }))) return []
    const holders = known.filter(({ held }) => held.some((other) => isSame(other, secret)))
    if (holders.some((use) => isSameConnection(spec, use, sent))) return []
    const [before] = holders
    if (before === undefined) return [{ path }]
    if (before.connector !== connector) return [{ path, changed: ['the connector'] }]
    const changed = differences(connectionOf(spec, before.config), connection)
    return [{ path, changed: changed.map((place) => titleAt(spec, place)) }]
  })
}

/** The reference that stands at a place of what is kept already, for this very connection. */
export function boundReferences({ known, ...sent }: SentConfig, path: Path): readonly string[] {
  return known
    .filter((use) => isSameConnection(sent.spec, use, sent))
    .flatMap((use) => heldSecrets(sent.spec, use.config))
    .flatMap((held) => (placeOf(held.path) === placeOf(path) ? [held.text] : []))
}

function isSameConnection(spec: JsonSchema, one: ConnectorUse, other: ConnectorUse): boolean {
  return (
    one.connector === other.connector &&
    isDeepStrictEqual(connectionOf(spec, one.config), connectionOf(spec, other.config))
  )
}

interface Held {
  readonly path: Path
  /** The reference, or {@link HIDDEN_SECRET} for a secret that stands there itself. */
  readonly text: string
}

/** What a form sends of secrets that are kept: every text that refers to one, in secret fields or not, and what it hides. */
function sentSecrets(spec: JsonSchema, config: Config): readonly Held[] {
  const isSecret = secretTest(spec)
  return leavesOf(config, []).filter(
    ({ path, text }) => refers(text) || (text === HIDDEN_SECRET && isSecret(path)),
  )
}

/** What a file holds of secrets. */
function heldSecrets(spec: JsonSchema, config: Config): readonly Held[] {
  const isSecret = secretTest(spec)
  return leavesOf(config, []).flatMap(({ path, text }): Held[] => {
    if (refers(text)) return [{ path, text }]
    return isSecret(path) ? [{ path, text: HIDDEN_SECRET }] : []
  })
}

/** As the resolver of references reads it, and more than that: what only looks like one is none that may pass. */
const refers = (text: string): boolean => text.includes('${secret:')

function secretTest(spec: JsonSchema): (path: Path) => boolean {
  const secrets = secretPaths(spec).map(stepsOf)
  return (path) =>
    secrets.some((steps) => steps.every((step, at) => step === path[at] || (step === '[]' && at in path)))
}

function leavesOf(value: unknown, path: Path): readonly Held[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]))
  return value === undefined || value === null ? [] : [{ path, text: String(value) }]
}

function isSame(one: Held, other: Held): boolean {
  return one.text === other.text && placeOf(one.path) === placeOf(other.path)
}

/** Parts of a list move when another one is taken out: any place in it is the same. */
function placeOf(path: Path): string {
  return path.map((key) => (isIndex(key) ? '[]' : key)).join('\n')
}

const isIndex = (key: string): boolean => /^\d+$/.test(key)

/** Paths at which two values differ, the outermost that only one of them has. */
function differences(one: unknown, other: unknown, path: Path = []): readonly Path[] {
  if (isDeepStrictEqual(one, other)) return []
  if (!isObject(one) || !isObject(other)) return [path]
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return keys.flatMap((key) => differences(one[key], other[key], [...path, key]))
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function words({ kind, spec }: SentConfig, { path, changed }: StraySecret) {
  const field = titleAt(spec, path)
  if (changed === undefined)
    return {
      message: `${field}: this secret was not given for this ${kind}`,
      remedy: 'type its value here, or ask an operator to use it',
    }
  return {
    message: `${field} was given for another connection`,
    remedy: `type it again, since ${changed.join(' and ')} changed`,
  }
}

/** `config.tokens[0]`. */
function renderPath(path: Path): string {
  return path.reduce((text, key) => (isIndex(key) ? `${text}[${key}]` : `${text}.${key}`), 'config')
}
