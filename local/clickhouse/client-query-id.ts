/**
 * Statements in the terms of the clients, which know a query by the id they gave it. The engine gives every query
 * an id of its own; the client's stands in the query's log_comment, before a unit separator.
 */
import type { Token } from './lexer.js'

const CLIENT_QUERY_ID = "splitByChar(char(31), Settings['log_comment'])[1]"
const PROCESSES = `(SELECT * REPLACE (if(${CLIENT_QUERY_ID} = '', query_id, ${CLIENT_QUERY_ID}) AS query_id) FROM system.processes)`

const replaceTokens = (
  text: string,
  replacement: string,
  found: readonly (readonly [Token, Token])[],
): string => {
  let sql = ''
  let copied = 0
  for (const [first, last] of found) {
    sql += text.slice(copied, first.start) + replacement
    copied = last.end
  }
  return sql + text.slice(copied)
}

/** KILL QUERY by the `query_id` that clients know. */
export const killByClientId = (text: string, list: readonly Token[]): string => {
  if (list[0]?.upper !== 'KILL' || list[1]?.upper !== 'QUERY') return text
  const names = list.filter(
    (token, index) =>
      (token.upper === 'QUERY_ID' || token.upper === '`query_id`' || token.upper === '"query_id"') &&
      list[index - 1]?.upper !== '.',
  )
  return replaceTokens(
    text,
    CLIENT_QUERY_ID,
    names.map((token) => [token, token]),
  )
}

/** A query of system.processes that sees the ids clients know. */
export const processesOfClients = (text: string, list: readonly Token[]): string => {
  const found = list.flatMap((token, index) => {
    const [dot, name, after] = [list[index + 1], list[index + 2], list[index + 3]]
    const named =
      token.upper === 'SYSTEM' && dot?.upper === '.' && name?.upper === 'PROCESSES' && after?.upper !== '.'
    return named && name.end <= text.length ? [[token, name] as const] : []
  })
  return found.length === 0 ? text : replaceTokens(text, PROCESSES, found)
}
