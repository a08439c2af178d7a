/** A run that is followed, as events: pictures of where it stands while it goes on, and in the end its report. */

export type ProgressEvent<Picture, Report> =
  | { readonly type: 'progress'; readonly progress: Picture }
  | { readonly type: 'ended'; readonly report: Report }

export interface Followed<Picture> {
  readonly onProgress: (picture: Picture) => void
  readonly signal: AbortSignal
}

/**
 * Pictures that differ from the one before, and at last the report. Whoever is slow gets the newest picture only.
 * @param follow resolves to the report; rejects soon after the signal
 */
export async function* progressEvents<Picture, Report>(
  follow: (followed: Followed<Picture>) => Promise<Report>,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent<Picture, Report>> {
  let newest: Picture | undefined
  let wake = () => {}
  const onProgress = (picture: Picture) => {
    newest = picture
    wake()
  }
  const leaving = new AbortController()
  const ended = follow({ onProgress, signal: AbortSignal.any([signal, leaving.signal]) })
  let shown = ''
  try {
    while (true) {
      const news = new Promise<undefined>((resolve) => {
        wake = () => resolve(undefined)
      })
      if (newest === undefined) {
        const report = await Promise.race([news, ended.then((of) => ({ of }))])
        if (report !== undefined) {
          yield { type: 'ended', report: report.of }
          return
        }
      }
      const progress = newest
      newest = undefined
      const text = JSON.stringify(progress)
      if (progress === undefined || text === shown) continue
      shown = text
      yield { type: 'progress', progress }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    leaving.abort()
    // Nobody waits for it any more.
    ended.catch(() => undefined)
  }
}
