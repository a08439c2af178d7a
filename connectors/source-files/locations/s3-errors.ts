/** What the error codes of S3 mean, and what a person can do about them. */
import type { ConnectorErrorKind } from '@tributary/connector-sdk'

const KINDS: Readonly<Record<string, ConnectorErrorKind>> = {
  AccessDenied: 'PermissionDenied',
  AllAccessDisabled: 'PermissionDenied',
  AuthorizationHeaderMalformed: 'ConfigInvalid',
  ExpiredToken: 'AuthExpired',
  InvalidAccessKeyId: 'AuthExpired',
  InvalidBucketName: 'ConfigInvalid',
  InvalidToken: 'AuthExpired',
  InternalError: 'SourceUnavailable',
  NoSuchBucket: 'ConfigInvalid',
  PermanentRedirect: 'ConfigInvalid',
  RequestTimeTooSkewed: 'ConfigInvalid',
  SignatureDoesNotMatch: 'AuthExpired',
  SlowDown: 'SourceUnavailable',
  TokenRefreshRequired: 'AuthExpired',
}

const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied: 'let the key list the bucket and read its objects (s3:ListBucket, s3:GetObject)',
  AuthorizationHeaderMalformed: 'the bucket is in another region; correct region',
  ExpiredToken: 'the temporary credentials expired; renew them',
  InvalidAccessKeyId: 'the access key id does not exist; renew the key',
  NoSuchBucket: 'the bucket does not exist; correct bucket, region or endpoint',
  PermanentRedirect: 'the bucket is in another region; correct region',
  RequestTimeTooSkewed: "the worker's clock is wrong; set it",
  SignatureDoesNotMatch: 'the secret access key is wrong; renew it',
}

/** The code of an S3 error document. */
export function s3ErrorCode(body: unknown): string | undefined {
  return typeof body === 'string' ? /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1] : undefined
}

export function s3ErrorKind(code: string | undefined): ConnectorErrorKind | undefined {
  return code === undefined ? undefined : KINDS[code]
}

/** What to do, in words; undefined for codes that speak for themselves. */
export function s3Remedy(code: string | undefined): string | undefined {
  return code === undefined ? undefined : REMEDIES[code]
}
