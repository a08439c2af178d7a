/** identity.yaml as identity works with it: types by their priority, limits, and which identifiers tell nobody apart. */
import type { Identifier, IdentityFile } from '@tributary/schemas'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { isBlocked } from '../people/normalise.js'
import { type Limit, NO_TYPE } from './graph.js'

export interface IdentityRules {
  /** Highest priority first. */
  readonly types: readonly string[]
  readonly limits: readonly (Limit | undefined)[]
  /** SQL over the columns `type` and `value` of nodes: the place in `types`, UInt8; NO_TYPE for who tells nobody apart. */
  readonly priority: string
  /** The same over `type` alone, of nodes whose value is not blocked. */
  readonly place: string
}

/** Reads a file that was checked before. */
export function identityRules(identity: IdentityFile): IdentityRules {
  const types = Object.keys(identity.identifiers)
  const places = types.map((_, place) => place)
  const place = `toUInt8(transform(toString(type), [${types.map(quoteString).join(', ')}], [${places.join(', ')}], ${NO_TYPE}))`
  return {
    types,
    limits: Object.values(identity.identifiers).map(limitOf),
    priority: `toUInt8(if(${isBlocked(identity, 'value')}, ${NO_TYPE}, ${place}))`,
    place,
  }
}

/** Two values of a unique type never belong to one person, whatever its limit says. */
function limitOf({ unique = false, limit, per = 'ever' }: Identifier): Limit | undefined {
  if (unique) return { limit: 1, per: 'ever' }
  return limit === undefined ? undefined : { limit, per }
}
