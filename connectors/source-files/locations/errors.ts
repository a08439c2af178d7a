/** Errors of the file system as ConnectorErrors that say what to do. */
import { ConnectorError, type ConnectorErrorKind, isConnectorError } from '@tributary/connector-sdk'

/** Wraps an error of `node:fs`. `missing` is the kind of "no such file": of a folder it is the config's fault. */
export function fileError(
  action: string,
  error: unknown,
  missing: ConnectorErrorKind = 'SourceUnavailable',
): ConnectorError {
  if (isConnectorError(error)) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const details = { cause: error, ...(code === undefined ? {} : { code }) }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ConnectorError(
        missing,
        `${action}: it does not exist; correct the path or create it`,
        details,
      )
    case 'EACCES':
    case 'EPERM':
      return new ConnectorError(
        'PermissionDenied',
        `${action}: permission denied; let the worker's user read it`,
        details,
      )
    case 'ELOOP':
      return new ConnectorError(
        'ConfigInvalid',
        `${action}: its links form a circle; remove the link`,
        details,
      )
    case 'ENOSPC':
      return new ConnectorError('SourceUnavailable', `${action}: the disk is full; free some space`, details)
    default:
      return new ConnectorError('SourceUnavailable', `${action}: ${code ?? 'unexpected error'}`, details)
  }
}
