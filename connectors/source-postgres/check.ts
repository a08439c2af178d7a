/** Proves that the config works: it logs in, finds the schemas, and finds something that the user may read. */
import { ConnectorError, ConnectorErrorKind } from '@tributary/connector-sdk'
import { type Context, withConnection } from './client.js'

const READABLE = `
select n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
  exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1))`

/** @throws ConnectorError that says what to change */
export async function check(context: Context): Promise<void> {
  const { schemas } = context.config
  const action = 'checking the schemas'
  const rows = await withConnection(context, (connection) =>
    connection.query(action, READABLE, [schemas ?? null]),
  )
  const found = new Map(
    rows.map(([name, usage, readable]) => [name!, { usage: usage === 't', readable: readable === 't' }]),
  )
  for (const schema of schemas ?? []) {
    const rights = found.get(schema)
    if (!rights) {
      const message = `${action}: ${schema} does not exist; correct \`schemas\``
      throw new ConnectorError(ConnectorErrorKind.ConfigInvalid, message)
    }
    if (!rights.usage) throw denied(`${action}: no right to use ${schema}; GRANT USAGE ON SCHEMA ${schema}`)
    if (!rights.readable) throw denied(`${action}: nothing to read in ${schema}; GRANT SELECT ON its tables`)
  }
  if (![...found.values()].some(({ usage, readable }) => usage && readable)) {
    throw denied(`${action}: the user may read no table; GRANT USAGE ON SCHEMA and SELECT ON its tables`)
  }
}

function denied(message: string): ConnectorError {
  return new ConnectorError(ConnectorErrorKind.PermissionDenied, message)
}
