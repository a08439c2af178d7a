/** What PostgreSQL says to one who writes, as the kinds of error that decide what happens next. */
import { ConnectorErrorKind } from '@tributary/connector-sdk'
import { connectorErrors } from '@tributary/postgres'

const { PermissionDenied, SourceUnavailable, SchemaIncompatible } = ConnectorErrorKind

/** An error as the runtime wants it. */
export const toConnectorError = connectorErrors({
  '3F000': [SchemaIncompatible, 'the schema no longer exists; correct `schemas` or the activation'],
  '42501': [PermissionDenied, 'the user may not do this any more; GRANT what the README names'],
  '42P01': [SchemaIncompatible, 'the table no longer exists; plan again'],
  '42703': [SchemaIncompatible, 'a column no longer exists; correct the activation and plan again'],
  '42P10': [SchemaIncompatible, 'the match fields are no unique key of the table any more; make one'],
  '25006': [SourceUnavailable, 'the server takes no writes now (a standby, or a failover under way?)'],
  '55P03': [SourceUnavailable, 'the table or its rows are locked by somebody else; it is tried again'],
  '40001': [SourceUnavailable, 'the server found a conflict with other transactions; it is tried again'],
  '22': [SchemaIncompatible, 'a value that is there already does not fit; correct the table'],
  '23': [SchemaIncompatible, 'a constraint of the table or of one that refers to it is against it'],
  '25': [SourceUnavailable, 'the server ended the transaction; it is tried again'],
  '40': [SourceUnavailable, 'the server rolled it back; it is tried again'],
  '42': [SchemaIncompatible, 'the table no longer is what was discovered; plan again'],
  '55': [SourceUnavailable, 'the table is not ready for it; it is tried again'],
  '57': [SourceUnavailable, 'an operator or the server stopped it'],
  P0: [SchemaIncompatible, 'a trigger of the table refuses it'],
})
