/** What goes wrong at an SFTP server, as ConnectorErrors that say what to do. */
import { ConnectorError, isConnectorError } from '@tributary/connector-sdk'

/** Status codes of https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-7 */
export const SftpStatus = { noSuchFile: 2, permissionDenied: 3, failure: 4, unsupported: 8 } as const

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}

/** An error of a request to the server. */
export function sftpError(action: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const status = statusOf(error)
  const details = { cause: error, ...(status !== undefined && { code: String(status) }) }
  switch (status) {
    case SftpStatus.noSuchFile:
      return new ConnectorError('ConfigInvalid', `${action}: it does not exist; correct folder`, details)
    case SftpStatus.permissionDenied:
      return new ConnectorError(
        'PermissionDenied',
        `${action}: permission denied; let the user write the folder`,
        details,
      )
    case SftpStatus.failure:
      return new ConnectorError(
        'SourceUnavailable',
        `${action}: the server failed; its disk may be full`,
        details,
      )
    case undefined:
      return new ConnectorError('NetworkError', `${action}: the connection broke; it is tried again`, details)
    default:
      return new ConnectorError('SourceUnavailable', `${action}: status ${status}`, details)
  }
}

/** An error of logging in. ssh2 says at which level it came up. */
export function loginError(action: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const { level, message } = error as { readonly level?: string; readonly message?: string }
  if (level === 'client-authentication')
    return new ConnectorError(
      'AuthExpired',
      `${action}: the server refused the login; renew user, password or private_key`,
    )
  if (level === 'client-timeout')
    return new ConnectorError('SourceUnavailable', `${action}: no answer in time; it is tried again`)
  if (message !== undefined && /private ?key|passphrase/i.test(message))
    return new ConnectorError(
      'ConfigInvalid',
      `${action}: the private key cannot be read; correct private_key and passphrase`,
    )
  const cut = level === 'client-socket' || /lost|closed|reset/i.test(message ?? '')
  if (!cut && (level === 'handshake' || level === 'protocol'))
    return new ConnectorError(
      'ConfigInvalid',
      `${action}: no secure connection could be agreed on; check that the server speaks SSH and is up to date`,
    )
  return new ConnectorError('NetworkError', `${action}: the connection broke; it is tried again`)
}
