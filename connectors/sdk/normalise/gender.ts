/** Gender, where a vendor knows two. */
import { folded, type Normaliser } from './text.js'

const INITIALS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    m: 'm',
    male: 'm',
    man: 'm',
    f: 'f',
    female: 'f',
    woman: 'f',
  }),
)

/**
 * `m` or `f`.
 * Meta: https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
export const normaliseGender: Normaliser = (value) => INITIALS.get(folded(value))
