/** What the server's hints are about, in paths of the API. */

/** What a hint makes old: the beginnings of the paths that show it. */
const TOUCHED: Readonly<Record<string, readonly string[]>> = {
  run: ['/api/v1/runs', '/api/v1/sources', '/api/v1/workspace'],
  refresh: [
    '/api/v1/runs',
    '/api/v1/refresh',
    '/api/v1/profiles',
    '/api/v1/segments',
    '/api/v1/traits',
    '/api/v1/vocabulary',
    '/api/v1/workspace',
  ],
  activation: ['/api/v1/activations', '/api/v1/runs', '/api/v1/workspace'],
  workspace: ['/api/v1/'],
}

/** The beginnings of the paths that a hint makes old; none for one that this page does not know. */
export function touchedBy(data: string): readonly string[] {
  try {
    const hint: unknown = JSON.parse(data)
    if (typeof hint !== 'object' || hint === null || !('type' in hint)) return []
    return TOUCHED[String(hint.type)] ?? []
  } catch {
    return []
  }
}
