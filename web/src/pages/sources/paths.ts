/** Addresses of this area's pages and of those that it leads to. */

/** @param tab a part of the page: `settings`, `rejects`, `file` */
export function sourcePath(id: string, tab = ''): string {
  return `/sources/${encodeURIComponent(id)}${tab === '' ? '' : `/${tab}`}`
}

/** The mapping of a stream. @param mapping one of several that read it */
export function mappingPath(source: string, stream: string, mapping?: string): string {
  const of = `${sourcePath(source)}/streams/${encodeURIComponent(stream)}/mapping`
  return mapping === undefined ? of : `${of}/${encodeURIComponent(mapping)}`
}

/** A run, by its workflow. */
export function runPath(workflowId: string, runId: string): string {
  return `/runs/${encodeURIComponent(workflowId)}?run=${encodeURIComponent(runId)}`
}
