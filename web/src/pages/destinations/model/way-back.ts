/** The way back to the activation for which somebody connects a destination, kept in the address: `?back=/activations/new`. */

/** Stands for the page's own address, which paths are relative to. */
const HERE = 'http://page.invalid'

/**
 * Where to go with a new destination; undefined where the address names no page of activations, so that no link that somebody
 * was sent leads anywhere else.
 */
export function wayBack(search: string, destination: string): string | undefined {
  const back = new URLSearchParams(search).get('back')
  if (back === null || !URL.canParse(back, HERE)) return undefined
  const url = new URL(back, HERE)
  if (url.origin !== HERE || !/^\/activations(\/|$)/.test(url.pathname)) return undefined
  url.searchParams.set('destination', destination)
  return url.pathname + url.search + url.hash
}
