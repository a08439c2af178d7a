/** Errors of the file system as ConnectorErrors that say what to do. */
import { ConnectorError, isConnectorError } from '@tributary/connector-sdk'

/** Wraps an error of `node:fs`. `action` names a file by its name below the location. */
export function fileError(action: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const code = errorCode(error)
  const details = { cause: error, ...(code === undefined ? {} : { code }) }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ConnectorError(
        'ConfigInvalid',
        `${action}: it does not exist; correct the path or create it`,
        details,
      )
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConnectorError(
        'PermissionDenied',
        `${action}: permission denied; let the worker's user write it`,
        details,
      )
    case 'EISDIR':
    case 'ENOTEMPTY':
      return new ConnectorError('ConfigInvalid', `${action}: a folder has this name; choose another`, details)
    case 'ENAMETOOLONG':
      return new ConnectorError(
        'ConfigInvalid',
        `${action}: the name is too long; shorten file_name`,
        details,
      )
    case 'EXDEV':
      return new ConnectorError(
        'ConfigInvalid',
        `${action}: the folder is on another disk than the location; make it a location of its own`,
        details,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return new ConnectorError('SourceUnavailable', `${action}: the disk is full; free some space`, details)
    default:
      return new ConnectorError('SourceUnavailable', `${action}: ${code ?? 'unexpected error'}`, details)
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
