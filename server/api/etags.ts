/** How a change says which text it has seen, so that nobody's edit is lost. */
import { described, object, shortText } from '../schema.js'

export const ifMatchHeaders = object(
  {
    'if-match': described(shortText, {
      description: 'The etag of the text that this replaces; left out where there is none yet',
    }),
  },
  ['if-match'],
)

/** The etag without what HTTP writes around it; null: there must be no such text yet. */
export function expectedEtag(headers: { readonly 'if-match'?: string }): string | null {
  return headers['if-match']?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') ?? null
}
