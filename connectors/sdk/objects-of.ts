/** Lists a destination's objects, and checks that what it lists is usable. */
import type { ConnectorContext } from './contract.js'
import { type DestinationDefinition, type ObjectDefinition, Operation } from './destination.js'
import { ConnectorError, ConnectorErrorKind } from './errors.js'

/**
 * The objects of a destination under a config.
 * @throws ConnectorError ContractViolation when names repeat, match keys are no fields, or limits and operations make no
 * sense; and what the destination's own discovery throws.
 */
export async function objectsOf<Config>(
  destination: DestinationDefinition<Config>,
  context: ConnectorContext<Config>,
): Promise<readonly ObjectDefinition<Config>[]> {
  const { objects } = destination
  const found = typeof objects === 'function' ? await objects(context) : objects
  const repeated = found.map(({ name }) => name).filter((name, index, names) => names.indexOf(name) < index)
  const problems = [
    ...[...new Set(repeated)].map((name) => `${name}: the name is given twice`),
    ...found.flatMap(objectProblems),
  ]
  if (problems.length === 0) return found
  throw new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `discovering objects: ${problems.join('; ')}; report it to the connector's author`,
  )
}

function objectProblems<Config>(object: ObjectDefinition<Config>): string[] {
  const { name, operations, fields, matchKeys, batch } = object
  const unknown = operations.filter((operation) => !(operation in Operation))
  const keys = matchKeys ?? []
  const problems = [
    ...(name === '' ? ['it has no name'] : []),
    ...(operations.length === 0 ? ['it has no operation'] : []),
    ...unknown.map((operation) => `the operation ${operation} is unknown`),
    ...(new Set(operations).size < operations.length ? ['it names an operation twice'] : []),
    ...(Object.keys(fields).length === 0 && !object.openFields ? ['it has no field'] : []),
    ...(keys.length === 0 && !object.openFields ? ['it has no match key'] : []),
    ...(keys.some((key) => key.length === 0) ? ['a match key is empty'] : []),
    ...(keys.some((key) => new Set(key).size < key.length) ? ['a match key names a field twice'] : []),
    ...[...new Set(keys.flat())]
      .filter((key) => !Object.hasOwn(fields, key))
      .map((key) => `the match key ${key} is no field`),
    ...(isPositive(batch?.records) ? [] : ['its batches hold no record']),
    ...(batch?.bytes === undefined || isPositive(batch.bytes) ? [] : ['its batches hold no byte']),
    ...(operations.includes('replace') && !object.finish ? ['it has replace and no finish'] : []),
    ...(object.undo === 'compensate' && !operations.includes('append')
      ? ['it compensates and has no append']
      : []),
    ...(object.undo === 'inverse' && operations.every((operation) => operation === 'append')
      ? ['an append has no inverse']
      : []),
  ]
  return problems.map((problem) => `${name}: ${problem}`)
}

function isPositive(value: number | undefined): boolean {
  return Number.isSafeInteger(value) && value! > 0
}
