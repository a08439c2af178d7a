/** Where a connector's rotated credentials are kept: the workspace's secrets, under names of the source's or destination's own. */
import type { SecretStore } from '@tributary/connector-sdk'
import type { SecretProvider } from '../runtime/secrets/provider.js'

/** A key `refresh token` of the source `crm` becomes `CRM__REFRESH_TOKEN`; of the destination, `DESTINATION_CRM__REFRESH_TOKEN`. */
export function connectorSecrets(
  secrets: SecretProvider,
  { kind, id }: { readonly kind: 'source' | 'destination'; readonly id: string },
): SecretStore {
  const owner = kind === 'source' ? id : `destination_${id}`
  const nameOf = (key: string) => `${owner}__${key}`.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
  return {
    get: (key) => secrets.get(nameOf(key)),
    async update(key, value) {
      if (secrets.set === undefined) {
        throw new Error(`keeping a rotated credential of ${id}: none of ${secrets.place} can be written`)
      }
      await secrets.set(nameOf(key), value)
    },
  }
}
