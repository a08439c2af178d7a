/**
 * What a request's statement runs in: its database, settings and parameters, set before and, on a connection that
 * outlives the request (an HTTP session), taken back after it.
 */
import type { Engine, EngineConnection } from './engine.js'
import { ClickHouseException } from './errors.js'
import { quote, tokens } from './lexer.js'
import type { QueryRequest } from './request.js'

interface Session {
  readonly connection: EngineConnection
  /** Parameters some request gave: the engine has no way to take one back. */
  readonly seenParams: Set<string>
  busy: boolean
  timer: NodeJS.Timeout | undefined
}

/** A connection a request may use until it calls `release`. */
export interface Lease {
  readonly connection: EngineConnection
  /** Undefined on a connection that ends with the request. */
  readonly seenParams: Set<string> | undefined
  release(): Promise<void>
}

/** HTTP sessions by id, each on a connection of its own with its temporary tables and SETs. */
export class Sessions {
  readonly #engine: Engine
  readonly #sessions = new Map<string, Session>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @throws ClickHouseException SESSION_NOT_FOUND, SESSION_IS_LOCKED */
  lease(wanted: QueryRequest['session']): Lease {
    if (wanted === undefined) {
      const connection = this.#engine.connect()
      return { connection, seenParams: undefined, release: () => connection.close() }
    }
    const { id, timeoutSeconds, mustExist } = wanted
    const known = this.#sessions.get(id)
    if (known === undefined && mustExist) {
      throw new ClickHouseException(372, 'SESSION_NOT_FOUND', `Session ${id} not found`)
    }
    if (known?.busy)
      throw new ClickHouseException(
        373,
        'SESSION_IS_LOCKED',
        `Session ${id} is locked by a concurrent client`,
      )
    const session = known ?? {
      connection: this.#engine.connect(),
      seenParams: new Set(),
      busy: false,
      timer: undefined,
    }
    this.#sessions.set(id, session)
    session.busy = true
    clearTimeout(session.timer)
    return {
      connection: session.connection,
      seenParams: session.seenParams,
      release: async () => {
        session.busy = false
        session.timer = setTimeout(() => void this.#end(id), timeoutSeconds * 1000)
        session.timer.unref()
      },
    }
  }

  /** Closes every session. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((id) => this.#end(id)))
  }

  async #end(id: string): Promise<void> {
    const session = this.#sessions.get(id)
    this.#sessions.delete(id)
    clearTimeout(session?.timer)
    await session?.connection.close()
  }
}

/** The names of the parameters a statement uses, `{name:Type}`. */
function* substitutions(text: string): Generator<string> {
  let before = ''
  for (const token of tokens(text)) {
    if (before === '{' && token.kind === 'word') yield text.slice(token.start, token.end)
    before = token.upper
  }
}

const NAME = /^[A-Za-z_][\w.]*$/

const identifier = (name: string): string => {
  if (NAME.test(name)) return name
  throw new ClickHouseException(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`)
}

/** Sets a request's database, settings and parameters; gives back what undoes them on a kept connection. */
export const applyContext = async (
  lease: Lease,
  request: QueryRequest,
  text: string,
  comment: string,
): Promise<(keep: boolean) => Promise<void>> => {
  const { connection, seenParams } = lease
  for (const name of substitutions(seenParams?.size ? text : '')) {
    if (seenParams?.has(name) && !request.params.has(name)) {
      throw new ClickHouseException(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`)
    }
  }
  const settings = new Map([...request.settings, ['log_comment', comment]])
  if (seenParams !== undefined) settings.delete('readonly')
  else if (request.readonly && !settings.has('readonly')) settings.set('readonly', '2')
  const undo = seenParams === undefined ? [] : await undoStatements(connection, request, [...settings.keys()])
  const takeBack = async (keep: boolean): Promise<void> => {
    if (undo.length > 0 && !keep) await connection.query(undo.join(';\n'))
  }
  try {
    await connection.query(contextStatements(request, settings).join(';\n'))
  } catch (error) {
    await takeBack(false)
    throw error
  }
  for (const name of request.params.keys()) seenParams?.add(name)
  return takeBack
}

const contextStatements = (request: QueryRequest, settings: ReadonlyMap<string, string>): string[] => {
  const statements: string[] = []
  if (request.database !== undefined) statements.push(`USE \`${request.database.replace(/[\\`]/g, '\\$&')}\``)
  const pairs = [...request.params].map(([name, value]) => `param_${identifier(name)}=${quote(value)}`)
  const size = pairs.reduce((sum, pair) => sum + pair.length, 0)
  // A SET is itself bounded by max_query_size, parameters over HTTP are not.
  if (size > 100_000) statements.push(`SET max_query_size=${size * 4 + 262_144}`)
  for (const pair of pairs) statements.push(`SET ${pair}`)
  if (size > 100_000 && !settings.has('max_query_size')) statements.push('SET max_query_size=262144')
  const rest = [...settings].filter(([name]) => name !== 'readonly')
  statements.push(`SET ${rest.map(([name, value]) => `${identifier(name)}=${quote(value)}`).join(', ')}`)
  const mode = settings.get('readonly')
  if (mode !== undefined) statements.push(`SET readonly=${quote(mode)}`)
  return statements
}

const undoStatements = async (
  connection: EngineConnection,
  request: QueryRequest,
  names: readonly string[],
): Promise<string[]> => {
  const list = names.map(quote).join(', ')
  const { bytes } = await connection.query(
    `SELECT name, value, changed, currentDatabase() FROM system.settings WHERE name IN (${list})`,
    'JSONCompactEachRow',
  )
  const rows = bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as [string, string, number, string])
  const pairs = rows.map(([name, value, changed]) => `${name}=${changed ? quote(value) : 'DEFAULT'}`)
  const database = rows[0]?.[3] ?? 'default'
  const use = request.database === undefined ? [] : [`USE \`${database.replace(/[\\`]/g, '\\$&')}\``]
  return [...use, `SET ${pairs.join(', ')}`]
}
