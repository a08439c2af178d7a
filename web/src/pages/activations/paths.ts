/** Addresses of this area. */
export const activationPath = (id: string): string => `/activations/${encodeURIComponent(id)}`
export const runPath = (id: string, run: string): string =>
  `${activationPath(id)}/runs/${encodeURIComponent(run)}`
