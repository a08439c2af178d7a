/** Whom facts are about: which columns of the tables of facts name nodes. */
import type { FactsSnapshot } from './snapshot.js'

const NODE_COLUMNS = [
  ['events', 'node'],
  ['trait_facts', 'node'],
  ['links', 'node_a'],
  ['links', 'node_b'],
] as const

/**
 * SQL: a statement for each column that names nodes, with `node` of its rows, some of them repeatedly.
 * @param where condition on the rows, given the column's name
 * @param beside columns to select before the node
 */
export function factNodes(
  where: (node: string) => string,
  beside: readonly string[] = [],
): readonly string[] {
  return NODE_COLUMNS.map(
    ([table, node]) =>
      `SELECT ${[...beside, `${node} AS node`].join(', ')} FROM cdp.${table}__rows WHERE ${where(node)}`,
  )
}

/**
 * SQL: `node` of every fact that counts, some of them repeatedly.
 * @param among condition on the node, given its name. @default every node
 */
export function nodesWithFacts(
  { facts }: Pick<FactsSnapshot, 'facts'>,
  among?: (node: string) => string,
): string {
  return factNodes((node) => (among ? `${facts} AND ${among(node)}` : facts)).join(' UNION ALL ')
}
