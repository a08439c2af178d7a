/** Saving what is built so that nobody's work is lost: what others saved or deleted meanwhile is shown, and the reader chooses. */
import { useState } from 'react'
import { isConflict } from '../../../api/api-error.js'
import { useForget } from '../../../api/hooks.js'
import type { Definition } from '../model/definition.js'
import { lookMeanwhile, type Meanwhile, type SegmentDocument, saveSegment } from './save.js'

/** What was saved, and how it goes. */
export interface Saving {
  /** The draft that the server had when it was opened, saved or taken last; undefined: a new one. */
  readonly saved: SegmentDocument | undefined
  readonly busy: boolean
  /** Why it was not saved. */
  readonly refusal: unknown
  /** What somebody else did, while the reader has not chosen. */
  readonly meanwhile: Meanwhile | undefined
  /** Over the draft that was opened. Undefined: it was not saved. */
  save(): Promise<SegmentDocument | undefined>
  /** Over what is there meanwhile, or where there is nothing any more. */
  replace(): Promise<SegmentDocument | undefined>
  /** Under an id of its own. */
  saveCopy(): Promise<SegmentDocument | undefined>
  /** Goes on from what the server has. */
  adopt(theirs: SegmentDocument): void
  /** Shows what somebody else did. */
  look(): Promise<void>
  /** The reader goes on without choosing. */
  dismiss(): void
}

interface SavingInput {
  readonly document: SegmentDocument | undefined
  readonly definition: Definition
  /** An id for a new segment. @param taken ids beyond those that are known */
  readonly newId: (taken: readonly string[]) => string
}

/** @param input its document is that of the beginning; later ones are taken by `adopt` */
export function useSaving({ document, definition, newId }: SavingInput): Saving {
  const [saved, setSaved] = useState(document)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<unknown>()
  const [meanwhile, setMeanwhile] = useState<Meanwhile>()
  const forget = useForget()
  const during = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true)
    setRefusal(undefined)
    try {
      return await work()
    } catch (error) {
      setRefusal(error)
      return undefined
    } finally {
      setBusy(false)
    }
  }
  const write = (id: string, etag: string | null) =>
    during(async () => {
      try {
        // What nobody has any more is written with the comments that it had.
        const text = etag === null ? saved?.text : undefined
        const written = await saveSegment(id, definition, { etag, text })
        setSaved(written)
        setMeanwhile(undefined)
        await forget('/api/v1/segments', '/api/v1/vocabulary', '/api/v1/workspace')
        return written
      } catch (error) {
        if (!isConflict(error)) throw error
        setMeanwhile(await lookMeanwhile(id))
        return undefined
      }
    })
  const theirs = meanwhile?.kind === 'changed' ? meanwhile.theirs : undefined
  return {
    saved,
    busy,
    refusal,
    meanwhile,
    save: () => write(saved?.id ?? newId([]), saved?.etag ?? null),
    replace: () => write(theirs?.id ?? saved?.id ?? newId([]), theirs?.etag ?? null),
    saveCopy: () => write(newId(theirs === undefined ? [] : [theirs.id]), null),
    adopt: (next) => {
      setSaved(next)
      setMeanwhile(undefined)
    },
    look: async () => {
      const { id } = saved ?? {}
      if (id !== undefined) setMeanwhile(await during(() => lookMeanwhile(id)))
    },
    dismiss: () => setMeanwhile(undefined),
  }
}
