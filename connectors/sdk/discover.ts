/** Lists a source's streams, and checks that what it lists is usable. */
import type { ConnectorContext, SourceDefinition, StreamDefinition } from './contract.js'
import { ConnectorError, ConnectorErrorKind } from './errors.js'

/**
 * The streams of a source under a config.
 * @throws ConnectorError ContractViolation when names repeat or keys and cursors are not in the schema; and what the
 * source's own discovery throws.
 */
export async function discover<Config>(
  source: SourceDefinition<Config>,
  context: ConnectorContext<Config>,
): Promise<readonly StreamDefinition<Config>[]> {
  const streams = typeof source.streams === 'function' ? await source.streams(context) : source.streams
  const problems = catalogProblems(streams)
  if (problems.length === 0) return streams
  throw new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `discovering streams: ${problems.join('; ')}; report it to the connector's author`,
  )
}

/** What is wrong with a catalogue, one line each; empty when nothing is. */
function catalogProblems(
  streams: readonly Pick<StreamDefinition<never>, 'name' | 'schema' | 'primaryKey' | 'cursor'>[],
): string[] {
  const seen = new Set<string>()
  return streams.flatMap((stream) => {
    const fields = stream.schema?.properties ?? {}
    const missing = (what: string, names: readonly string[]): string[] =>
      names
        .filter((name) => !Object.hasOwn(fields, name))
        .map((name) => `${stream.name}: the ${what} ${name} is not in the schema`)
    const problems = [
      ...(stream.name === '' ? ['a stream has no name'] : []),
      ...(seen.has(stream.name) ? [`${stream.name}: the name is given twice`] : []),
      ...(stream.schema?.type === 'object' && stream.schema.properties
        ? []
        : [`${stream.name}: the schema is not one of an object with properties`]),
      ...missing('primary key field', stream.primaryKey ?? []),
      ...missing('cursor', stream.cursor?.field === undefined ? [] : [stream.cursor.field]),
      ...missing('cursor candidate', stream.cursor?.candidates ?? []),
      ...missing('required field', stream.schema?.required ?? []),
    ]
    seen.add(stream.name)
    return problems
  })
}
