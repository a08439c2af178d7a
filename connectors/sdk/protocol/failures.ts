/** Our error kinds as Airbyte's three. */
import { isConnectorError } from '../errors.js'

/** What an error is to Airbyte: the config's, one that passes, or the connector's own. */
export function describeFailure(error: unknown): {
  readonly message: string
  readonly failureType: 'system_error' | 'config_error' | 'transient_error'
} {
  if (!isConnectorError(error)) {
    const message = error instanceof Error ? error.message : 'unknown error'
    return { message, failureType: 'system_error' }
  }
  const { message, kind } = error
  switch (kind) {
    case 'ConfigInvalid':
    case 'AuthExpired':
    case 'PermissionDenied':
    case 'CursorLost':
      return { message, failureType: 'config_error' }
    case 'RateLimited':
    case 'SourceUnavailable':
    case 'NetworkError':
      return { message, failureType: 'transient_error' }
    default:
      return { message, failureType: 'system_error' }
  }
}
