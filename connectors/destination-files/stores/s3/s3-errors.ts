/**
 * What the error codes of S3 mean (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), and what a person
 * can do about them.
 */
import { ConnectorError, type ConnectorErrorKind, isConnectorError } from '@tributary/connector-sdk'

const MEANINGS: Readonly<Record<string, readonly [kind: ConnectorErrorKind, remedy?: string]>> = {
  AccessDenied: [
    'PermissionDenied',
    'let the key list the bucket and put, get and delete its objects (s3:ListBucket, s3:PutObject, s3:GetObject, s3:DeleteObject, s3:AbortMultipartUpload)',
  ],
  AllAccessDisabled: ['PermissionDenied'],
  AuthorizationHeaderMalformed: ['ConfigInvalid', 'the bucket is in another region; correct region'],
  EntityTooLarge: ['ConfigInvalid', 'the file is larger than the store allows; write smaller files'],
  ExpiredToken: ['AuthExpired', 'the temporary credentials expired; renew them'],
  InternalError: ['SourceUnavailable'],
  InvalidAccessKeyId: ['AuthExpired', 'the access key id does not exist; renew the key'],
  InvalidBucketName: ['ConfigInvalid'],
  InvalidToken: ['AuthExpired'],
  KeyTooLongError: ['ConfigInvalid', 'the name is too long; shorten prefix or file_name'],
  NoSuchBucket: ['ConfigInvalid', 'the bucket does not exist; correct bucket, region or endpoint'],
  NoSuchKey: ['SourceUnavailable', 'it was removed meanwhile'],
  NoSuchUpload: ['SourceUnavailable', 'another worker ended the upload; it is tried again'],
  PermanentRedirect: ['ConfigInvalid', 'the bucket is in another region; correct region'],
  QuotaExceeded: ['SourceUnavailable', 'the bucket is full; free some space'],
  RequestTimeTooSkewed: ['ConfigInvalid', "the worker's clock is wrong; set it"],
  RequestTimeout: ['SourceUnavailable'],
  ServiceUnavailable: ['SourceUnavailable'],
  SignatureDoesNotMatch: ['AuthExpired', 'the secret access key is wrong; renew it'],
  SlowDown: ['SourceUnavailable'],
  TokenRefreshRequired: ['AuthExpired'],
  XAmzContentSHA256Mismatch: ['SourceUnavailable', 'the bytes changed on their way; it is tried again'],
}

/** The code of an S3 error document; an answer with status 200 may be one too. */
export function s3ErrorCode(body: unknown): string | undefined {
  return typeof body === 'string' && body.includes('<Error>')
    ? /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1]
    : undefined
}

/** Codes that some requests take for an answer; their status says the rest. */
const EXPECTED = new Set(['NoSuchKey', 'NoSuchUpload'])

export function s3ErrorKind(code: string | undefined): ConnectorErrorKind | undefined {
  return code === undefined || EXPECTED.has(code) ? undefined : MEANINGS[code]?.[0]
}

/** The error with the code and what to do, where they are known. */
export function explained(action: string, error: unknown, code: string | undefined): unknown {
  if (!isConnectorError(error) || code === undefined) return error
  const [kind = error.kind, remedy] = MEANINGS[code] ?? []
  const details = { code, ...(error.until !== undefined && { until: error.until }) }
  return new ConnectorError(
    error.kind === 'RateLimited' ? error.kind : kind,
    `${action}: ${code}${remedy ? `: ${remedy}` : ''}`,
    details,
  )
}
