/** Proves that the config works: it logs in, finds the schemas, and finds something that the user may write. */
import { ConnectorError, ConnectorErrorKind } from '@tributary/connector-sdk'
import { readCatalog } from './catalog.js'
import { type Context, withConnection } from './client.js'
import { tableObject } from './objects.js'

const SCHEMAS = `
select n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE') from pg_catalog.pg_namespace n where n.nspname = any ($1)`

/** @throws ConnectorError that says what to change */
export async function check(context: Context): Promise<void> {
  const { config } = context
  const action = 'checking the schemas'
  await withConnection(context, action, async (connection) => {
    const [[standby] = []] = await connection.query('SELECT pg_catalog.pg_is_in_recovery()')
    if (standby === 't') {
      throw invalid(
        `checking the server: it is a standby and takes no writes; correct \`host\` to the primary`,
      )
    }
    const found = new Map((await connection.query(SCHEMAS, [config.schemas ?? []])) as [string, string][])
    for (const schema of config.schemas ?? []) {
      const usage = found.get(schema)
      if (usage === undefined) throw invalid(`${action}: ${schema} does not exist; correct \`schemas\``)
      if (usage !== 't') throw denied(`${action}: no right to use ${schema}; GRANT USAGE ON SCHEMA ${schema}`)
    }
    const tables = await readCatalog(connection, config.schemas)
    if (!tables.some((table) => tableObject(table, config))) {
      throw denied(
        `${action}: no table that can be written; GRANT SELECT, INSERT, UPDATE, DELETE on one that has a primary key`,
      )
    }
  })
}

function invalid(message: string): ConnectorError {
  return new ConnectorError(ConnectorErrorKind.ConfigInvalid, message)
}

function denied(message: string): ConnectorError {
  return new ConnectorError(ConnectorErrorKind.PermissionDenied, message)
}
