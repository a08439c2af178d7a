/** Addresses of this area. */
export const activationPath = (id: string): string => `/activations/${encodeURIComponent(id)}`
export const editPath = (id: string): string => `${activationPath(id)}/edit`
/** @param named what the new activation begins with: `segment`, `destination` */
export const newPath = (named: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(Object.entries(named).filter(([, value]) => value !== ''))
  return query.size === 0 ? '/activations/new' : `/activations/new?${query}`
}
export const runPath = (id: string, run: string): string =>
  `${activationPath(id)}/runs/${encodeURIComponent(run)}`
