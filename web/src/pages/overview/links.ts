/** Where on the page something is looked at. */
import type { components } from '../../api/schema.js'

/** Where changes that are not published stand on this page. */
export const UNPUBLISHED = 'unpublished'

type About = Pick<components['schemas']['Attention'], 'about' | 'id' | 'severity'>

/** The way to what needs attention; undefined where it is done outside of the page. */
export function linkOf({
  about,
  id,
  severity,
}: About): { readonly to: string; readonly title: string } | undefined {
  const name = id === null ? '' : `/${encodeURIComponent(id)}`
  switch (about) {
    case 'source':
      return { to: `/sources${name}`, title: 'To the source' }
    case 'segment':
      return { to: `/segments${name}`, title: 'To the segment' }
    case 'activation':
      return { to: `/activations${name}`, title: 'To the activation' }
    case 'people':
      // What is only worth knowing of people is that no stream is mapped to them.
      return severity === 'info'
        ? { to: '/sources', title: 'To the sources' }
        : { to: '/runs?kind=refresh', title: 'To the runs' }
    case 'secret':
      return { to: '/settings/secrets', title: 'To the secrets' }
    case 'retention':
      return { to: '/settings/retention', title: 'To how long data is kept' }
    case 'workspace':
      // What is only worth knowing of the workspace is that changes are not published; they stand below.
      return severity === 'info' ? { to: `#${UNPUBLISHED}`, title: 'To the changes' } : undefined
    default:
      return undefined
  }
}
