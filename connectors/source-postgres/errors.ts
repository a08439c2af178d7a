/** What PostgreSQL says to one who reads, as the kinds of error that decide what happens next. */
import { ConnectorErrorKind } from '@tributary/connector-sdk'
import { connectorErrors } from '@tributary/postgres'

const { ConfigInvalid, PermissionDenied, SourceUnavailable, SchemaIncompatible, ContractViolation } =
  ConnectorErrorKind

/** An error as the runtime wants it. */
export const toConnectorError = connectorErrors({
  '3F000': [ConfigInvalid, 'the schema does not exist; correct `schemas`'],
  '42501': [
    PermissionDenied,
    'the user may not read this; GRANT USAGE on the schema and SELECT on the table',
  ],
  '42P01': [SchemaIncompatible, 'the table no longer exists; discover again'],
  '42703': [SchemaIncompatible, 'a column no longer exists; discover again'],
  '42704': [SchemaIncompatible, 'a type no longer exists; discover again'],
  '42804': [SchemaIncompatible, 'a column has another type than was discovered; discover again'],
  '42883': [SchemaIncompatible, 'a column has another type than was discovered; discover again'],
  '0A000': [SchemaIncompatible, 'the server cannot read this relation so; discover again'],
  '25006': [ContractViolation, 'a view or function tries to write; reading is read-only'],
  '55P03': [SourceUnavailable, 'the table is locked (a migration or VACUUM FULL?); it is tried again'],
  '55000': [SourceUnavailable, 'the relation is not ready (a materialized view without data needs REFRESH)'],
  '57P05': [SourceUnavailable, 'the server ended the connection because it was idle'],
  '40001': [SourceUnavailable, 'recovery of the read replica cancelled the read; it is tried again'],
  '22023': [SourceUnavailable, 'the snapshot is gone; it is tried again'],
  '42': [SchemaIncompatible, 'the relation no longer is what was discovered; discover again'],
  '40': [SourceUnavailable, 'the server rolled the read back; it is tried again'],
  '54': [SourceUnavailable, 'the server reached a limit of its own'],
  '57': [SourceUnavailable, 'an operator or the server stopped the read'],
  '22': [SourceUnavailable, 'an expression of the view failed on its data; correct the view'],
})
