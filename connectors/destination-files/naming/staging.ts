/**
 * Where a run's parts wait until they are one file: a hidden folder of the location, so that another worker goes on with
 * them and no reader of the location takes them for files.
 */

const ROOT = '.tributary'
const INDEX_DIGITS = 10

export interface Staging {
  /** All of the activation's runs that have parts are below it. */
  readonly runs: string
  /** What was finished, as JSON. */
  readonly journal: string
  /** Files that are not whole yet. */
  readonly scratch: string
}

export function staging(activation: string): Staging {
  const folder = `${ROOT}/${step(activation)}`
  return { runs: `${folder}/runs`, journal: `${folder}/finished.json`, scratch: `${folder}/tmp` }
}

export function partName(staged: Staging, run: string, index: number): string {
  return `${staged.runs}/${step(run)}/${String(index).padStart(INDEX_DIGITS, '0')}.part`
}

/** Its presence says that the run's parts are in a file: they are only to be removed. */
export function publishedMark(staged: Staging, run: string): string {
  return `${staged.runs}/${step(run)}/published`
}

/** Names below {@link Staging.runs}, by run; parts in the order of their batches. */
export function groupByRun(
  staged: Staging,
  names: readonly string[],
): ReadonlyMap<string, { readonly parts: readonly string[]; readonly published: boolean }> {
  const runs = new Map<string, { parts: string[]; published: boolean }>()
  for (const name of [...names].sort()) {
    const [folder, file, ...rest] = name.slice(staged.runs.length + 1).split('/')
    if (folder === undefined || file === undefined || rest.length > 0) continue
    const run = decodeURIComponent(folder)
    const found = runs.get(run) ?? { parts: [], published: false }
    runs.set(run, found)
    if (file.endsWith('.part')) found.parts.push(name)
    else if (file === 'published') found.published = true
  }
  return runs
}

/** An id as one step of a path, reversibly. */
function step(id: string): string {
  return encodeURIComponent(id).replace(/^\./, '%2E')
}
