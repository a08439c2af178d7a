/** Names under which credentials that a connector rotates are kept: no file refers to them, and they are in use all the same. */

/** The source or destination that a connector works for. */
export interface SecretOwner {
  readonly kind: 'source' | 'destination'
  readonly id: string
}

/** A key `refresh token` of the source `crm` becomes `CRM__REFRESH_TOKEN`; of the destination, `DESTINATION_CRM__REFRESH_TOKEN`. */
export function rotatedSecretName(owner: SecretOwner, key: string): string {
  return `${prefixOf(owner)}${named(key)}`
}

/** True for a name that {@link rotatedSecretName} gives to a key of this owner. */
export function isRotatedSecretOf(owner: SecretOwner, name: string): boolean {
  return name.startsWith(prefixOf(owner))
}

function prefixOf({ kind, id }: SecretOwner): string {
  return `${named(kind === 'source' ? id : `destination_${id}`)}__`
}

const named = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
