/** Where a connector's rotated credentials are kept: the workspace's secrets, under names of the source's or destination's own. */
import type { SecretStore } from '@tributary/connector-sdk'
import type { SecretProvider } from '../runtime/secrets/provider.js'
import { rotatedSecretName, type SecretOwner } from '../runtime/secrets/rotated.js'

/** A key is kept as {@link rotatedSecretName} has it. */
export function connectorSecrets(secrets: SecretProvider, owner: SecretOwner): SecretStore {
  return {
    get: (key) => secrets.get(rotatedSecretName(owner, key)),
    async update(key, value) {
      if (secrets.set === undefined) {
        throw new Error(
          `keeping a rotated credential of ${owner.id}: none of ${secrets.place} can be written`,
        )
      }
      await secrets.set(rotatedSecretName(owner, key), value)
    },
  }
}
