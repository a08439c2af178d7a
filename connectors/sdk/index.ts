/** The connector kit: everything that a connector package imports. */

export type { ExactType, FieldSchema, JsonType, StreamSchema } from '@tributary/schemas'
export type { Auth } from './auth/auth.js'
export { oauth2ClientCredentials, oauth2Refresh, type RefreshOptions } from './auth/oauth2.js'
export { apiKeyAuth, basicAuth, bearerAuth } from './auth/static.js'
export type { TokenEndpoint } from './auth/token.js'
export { decodeBlock } from './blocks/decode-block.js'
export { checkDestination } from './check-destination.js'
export { connectionOf, titleAt } from './config/connection.js'
export { stepsOf } from './config/schema-walk.js'
export { secretPaths, secretValues } from './config/secrets.js'
export { validateConfig } from './config/validate.js'
export {
  type ConnectorContextOptions,
  createConnectorContext,
  type OwnedConnectorContext,
  warningText,
} from './context.js'
export {
  type Block,
  type BlockBody,
  type BlockFormat,
  type BlockMessage,
  block,
  type CheckpointMessage,
  type ConnectorContext,
  type ConnectorLog,
  type CursorCapability,
  checkpoint,
  DELETED_FIELD,
  defineSource,
  defineStream,
  type ReadContext,
  type RecordsMessage,
  type RejectsMessage,
  records,
  rejects,
  type SecretStore,
  type SourceDefinition,
  type SourceRecord,
  type SourceReject,
  type StreamDefinition,
  type StreamMessage,
} from './contract.js'
export { type OrderedCursor, orderedCursor } from './cursor/ordered-cursor.js'
export {
  type Batch,
  type BatchLimits,
  type DestinationDefinition,
  type DestinationField,
  type DestinationRecord,
  defineDestination,
  defineObject,
  type ObjectDefinition,
  OK,
  Operation,
  type RecordResult,
  type RunSummary,
  rejected,
  type WriteContext,
  type WriteResult,
} from './destination.js'
export { discover } from './discover.js'
export { ConnectorError, type ConnectorErrorDetails, ConnectorErrorKind, isConnectorError } from './errors.js'
export { type PreparedField, prepareField } from './fields/prepare-field.js'
export { sleep } from './http/abort.js'
export type { AllowedAddresses } from './http/address-guard.js'
export type { HttpClient, HttpOptions, HttpRequest, PagesOptions } from './http/client.js'
export type { ConnectTarget } from './http/connect.js'
export {
  createHttpClient,
  type HttpRequestMetric,
  type HttpRuntime,
  type OwnedHttpClient,
} from './http/create-client.js'
export { backoffMs, serverWaitMs } from './http/retry.js'
export type { JsonObject, JsonSchema, JsonValue } from './json.js'
export {
  normaliseBirthDate,
  normaliseBirthDay,
  normaliseBirthMonth,
  normaliseBirthYear,
} from './normalise/birth-date.js'
export { normaliseCountry } from './normalise/country.js'
export { normaliseEmail, normaliseGoogleEmail } from './normalise/email.js'
export { normaliseGender } from './normalise/gender.js'
export { normaliseExternalId, normaliseMobileAdId } from './normalise/ids.js'
export { phoneDigits, phoneE164 } from './normalise/phone.js'
export { normaliseCity, normaliseName, normalisePostalCode, normaliseState } from './normalise/place.js'
export type { Normaliser } from './normalise/text.js'
export { objectsOf } from './objects-of.js'
export { type ConnectorManifest, listConnectors } from './package/list-connectors.js'
export {
  type LoadedConnector,
  type LoadedDestination,
  loadAnyConnector,
  loadConnector,
  loadDestination,
} from './package/load-connector.js'
export { loadSchema } from './package/load-schema.js'
export {
  type OffsetPagingOptions,
  offsetPaging,
  type PageNumberPagingOptions,
  pageNumberPaging,
} from './paging/counted.js'
export { type CursorPagingOptions, cursorPaging } from './paging/cursor.js'
export { linkHeaderPaging, nextUrlPaging } from './paging/next-url.js'
export type { Page, Paging } from './paging/paging.js'
export type { ConfiguredCatalog } from './protocol/messages.js'
export { type ProtocolOptions, type ProtocolVerb, runProtocol } from './protocol/run-protocol.js'
export { MAX_STATE_BYTES, readStream } from './read-stream.js'
export { createRedactor, type Redact } from './redaction.js'
export { type ScaffoldOptions, scaffoldConnector } from './template/scaffold.js'
export { MAX_JOB_BYTES, pollBatch, writeBatch } from './write-batch.js'
