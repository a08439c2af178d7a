/**
 * Checks the file of a source or a destination against its connector: the config against the spec, secrets, and what a
 * source's connector knows of its streams. A literal secret is an error that never shows it.
 */
import { isSecretReference, matchesGlob, type SourceFile, type Stream, secretNames } from '@tributary/schemas'
import { type Schema, schemaProblems } from '../runtime/validation.js'
import type { ProblemAt, YamlDocument } from './document.js'
import type { Problem } from './problem.js'
import { streamsOf } from './source-checks.js'

/** What is known of a connector without running it. */
export interface ConnectorFacts {
  /** The product's name, for people. */
  readonly title?: string
  /** JSON Schema of its config; secrets are marked `writeOnly`. */
  readonly spec: Schema
  /** Who names the cursor of an incremental stream. @default source */
  readonly cursor?: 'source' | 'workspace'
  /** Its streams, where they are the same for everybody; absent when they are discovered. */
  readonly streams?: readonly KnownStream[]
}

export interface KnownStream {
  readonly name: string
  readonly primaryKey?: readonly string[]
  readonly cursorField?: string
}

/**
 * Finds a connector by what `connector:` says.
 * @throws with a sentence that says why there is none and what to do
 */
export type LoadConnector = (reference: string) => Promise<ConnectorFacts>

type Path = readonly (string | number)[]

/** What is known of a destination's connector without running it. */
export type DestinationFacts = Pick<ConnectorFacts, 'title' | 'spec'>

/** Like {@link LoadConnector}, for destinations. */
export type LoadDestination = (reference: string) => Promise<DestinationFacts>

/** Problems between a source file and its connector. The document may be of any shape. */
export function checkConnector(
  document: YamlDocument,
  loadConnector: LoadConnector,
): Promise<readonly Problem[]> {
  return checkAgainst(document, loadConnector, (facts, source) =>
    streamsOf(source).flatMap((stream, index) => streamProblems(facts, stream, index)),
  )
}

/** Problems between a destination file and its connector. The document may be of any shape. */
export function checkDestination(
  document: YamlDocument,
  loadDestination: LoadDestination,
): Promise<readonly Problem[]> {
  return checkAgainst(document, loadDestination, () => [])
}

async function checkAgainst<Facts extends DestinationFacts>(
  document: YamlDocument,
  load: (reference: string) => Promise<Facts>,
  more: (facts: Facts, file: Partial<SourceFile>) => readonly ProblemAt[],
): Promise<readonly Problem[]> {
  const file = (document.value ?? {}) as Partial<SourceFile>
  if (typeof file.connector !== 'string') return []
  let facts: Facts
  try {
    facts = await load(file.connector)
  } catch (error) {
    const [message, ...remedy] = (error as Error).message.split('; ')
    const about = {
      message: message!,
      remedy: remedy.join('; ') || 'check the name, and that it is installed',
    }
    return [document.problem({ path: ['connector'], ...about })]
  }
  const found = [...configProblems(facts.spec, file.config ?? {}), ...more(facts, file)]
  return found.map((problem) => document.problem(problem))
}

function configProblems(spec: Schema, config: unknown): ProblemAt[] {
  const secrets = secretProblems(spec, spec, config, ['config'])
  // A reference stands for a value that is not known here: its form says nothing about the value's.
  const isReference = (path: Path) => {
    const value = path.reduce<unknown>(
      (part, key) => (part as Record<string, unknown> | null)?.[key as string],
      config,
    )
    return typeof value === 'string' && isSecretReference(value)
  }
  const invalid = schemaProblems(spec, config)
    .filter((problem) => problem.onKey || !isReference(problem.path))
    .map((problem) => ({ ...problem, path: ['config', ...problem.path] }))
  return [...invalid, ...secrets]
}

/** Walks config and spec together: secrets must be references, and references belong into secret fields. */
function secretProblems(root: Schema, schema: Schema | undefined, value: unknown, path: Path): ProblemAt[] {
  if (Array.isArray(value)) {
    const items = alternatives(root, schema).map((part) => part.items as Schema | undefined)
    const item = items.find((part) => part !== undefined)
    return value.flatMap((part, index) => secretProblems(root, item, part, [...path, index]))
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, part]) =>
      secretProblems(root, propertyOf(root, schema, key), part, [...path, key]),
    )
  }
  const isSecret = alternatives(root, schema).some((part) => part.writeOnly === true)
  if (isSecret && value !== null && !(typeof value === 'string' && isSecretReference(value))) {
    const name = `${path.slice(1).join('_')}`.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
    const remedy = `run tributary secrets set ${name}, write \${secret:${name}} here, and renew the secret if this file was shared`
    return [{ path, message: 'is a secret and must not stand in a file', remedy }]
  }
  if (!isSecret && schema && typeof value === 'string' && secretNames(value).length > 0) {
    return [
      { path, message: 'is not a secret field of this connector', remedy: 'write the value itself here' },
    ]
  }
  return []
}

function propertyOf(root: Schema, schema: Schema | undefined, key: string): Schema | undefined {
  const found = alternatives(root, schema).flatMap((part) => {
    const property = (part.properties as Readonly<Record<string, Schema>> | undefined)?.[key]
    const others = part.additionalProperties
    return property ? [property] : typeof others === 'object' && others !== null ? [others as Schema] : []
  })
  return found.length > 1 ? { anyOf: found } : found[0]
}

/** The schema, what it refers to, and the branches of its unions. */
function alternatives(root: Schema, schema: Schema | undefined, depth = 0): readonly Schema[] {
  if (!schema || depth > 8) return []
  const reference = /^#\/(\$defs|definitions)\/(.+)$/.exec(String(schema.$ref ?? ''))
  const target = reference
    ? (root[reference[1]!] as Record<string, Schema> | undefined)?.[reference[2]!]
    : undefined
  const branches = (['oneOf', 'anyOf', 'allOf'] as const).flatMap(
    (word) => (schema[word] ?? []) as readonly Schema[],
  )
  const more = [
    ...branches,
    ...(['then', 'else'] as const).map((word) => schema[word] as Schema | undefined),
    target,
  ]
  return [schema, ...more.flatMap((branch) => alternatives(root, branch, depth + 1))]
}

function streamProblems(facts: ConnectorFacts, stream: Stream, index: number): ProblemAt[] {
  const known = facts.streams?.filter(({ name }) => matchesGlob(stream.name, name))
  if (known?.length === 0) {
    const names = facts.streams!.map(({ name }) => name).join(', ')
    return [
      {
        path: ['streams', index, 'name'],
        message: 'no stream has this name',
        remedy: `streams are: ${names}`,
      },
    ]
  }
  const problems: ProblemAt[] = []
  const path = ['streams', index]
  const lacksCursor =
    known?.some(({ cursorField }) => cursorField === undefined) ?? facts.cursor === 'workspace'
  if (stream.sync_mode === 'incremental' && stream.cursor_field === undefined && lacksCursor) {
    const remedy = 'add the field that grows with every change, or use sync_mode: full_refresh'
    problems.push({ path, message: 'incremental needs cursor_field', remedy })
  }
  const lacksKey = known?.some(({ primaryKey }) => !primaryKey?.length) ?? false
  if (stream.destination_sync_mode === 'append_dedup' && stream.primary_key === undefined && lacksKey) {
    const remedy = 'add the fields that identify a row, or use destination_sync_mode: append'
    problems.push({ path, message: 'append_dedup needs primary_key', remedy })
  }
  return problems
}
