/** Addresses of this area. */

/** @param tab a part of the page: `objects`, `activations`, `file` */
export function destinationPath(id: string, tab = ''): string {
  return `/destinations/${encodeURIComponent(id)}${tab === '' ? '' : `/${tab}`}`
}

/** The form of a connector. @param search of the page that leads there: the way back stays in it */
export function newDestinationPath(connector: string, search = ''): string {
  return `/destinations/new/${encodeURIComponent(connector)}${search}`
}
