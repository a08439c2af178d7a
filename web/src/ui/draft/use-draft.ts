/** A draft that somebody edits while others may, too: an edit of somebody else is shown, and nobody's is lost. */
import { useCallback, useEffect, useState } from 'react'
import { isConflict } from '../../api/api-error.js'
import { isSame, type Merge, mergeEdits } from './merge.js'

/** A text as a value, as it was read. */
export interface Kept<Value> {
  /** Null: there is none yet. */
  readonly etag: string | null
  readonly definition: Value
}

interface DraftOptions<Value> {
  /** What the server has now; another value of it is taken over as long as nothing was edited. */
  readonly kept: Kept<Value>
  /** What the edit begins with, where it goes on from an earlier one. @default what is kept */
  readonly first?: Value
  /** @throws ApiError EtagMismatch */
  readonly save: (definition: Value, etag: string | null) => Promise<Kept<Value>>
  /** Reads what somebody else wrote. */
  readonly reload: () => Promise<Kept<Value>>
}

/** An edit that came in between. */
export interface Conflict<Value> {
  readonly theirs: Kept<Value>
  readonly merge: Merge<Value>
}

export interface Draft<Value> {
  readonly value: Value
  readonly change: (value: Value) => void
  readonly isChanged: boolean
  /** Another number as often as the value is another one than was edited here: the key of forms that keep what they show. */
  readonly version: number
  /** True: somebody else saved since this edit began. */
  readonly isOutdated: boolean
  /** Gives up what was edited. */
  readonly discard: () => void
  /** True when it is saved; false: somebody else was faster, see `conflict`. Other refusals are thrown. */
  readonly save: () => Promise<boolean>
  readonly conflict: Conflict<Value> | undefined
  /** Goes on with one of the two, or with both together; nothing is saved by it yet. */
  readonly settle: (choice: 'both' | 'theirs') => void
}

/** Keeps the edit beside what it began with. */
export function useDraft<Value>({ kept, first, save, reload }: DraftOptions<Value>): Draft<Value> {
  const [base, setBase] = useState(kept)
  const [value, setValue] = useState(first ?? kept.definition)
  const [version, setVersion] = useState(0)
  const [seen, setSeen] = useState(kept.etag)
  const [conflict, setConflict] = useState<Conflict<Value>>()
  const replace = useCallback((next: Value) => {
    setValue(next)
    setVersion((before) => before + 1)
  }, [])
  const isChanged = !isSame(base.definition, value)
  // What was read before an own save is older than that, and no news.
  const isNews = kept.etag !== seen && kept.etag !== base.etag
  useEffect(() => {
    if (kept.etag === seen || (isChanged && isNews)) return
    setSeen(kept.etag)
    if (!isNews) return
    setBase(kept)
    replace(kept.definition)
  }, [kept, seen, isNews, isChanged, replace])
  return {
    value,
    change: setValue,
    isChanged,
    version,
    isOutdated: isNews,
    discard: () => replace(base.definition),
    async save() {
      try {
        const saved = await save(value, base.etag)
        setBase(saved)
        if (!isSame(value, saved.definition)) replace(saved.definition)
        return true
      } catch (error) {
        if (!isConflict(error)) throw error
        const theirs = await reload()
        setConflict({ theirs, merge: mergeEdits(base.definition, value, theirs.definition) })
        return false
      }
    },
    conflict,
    settle(choice) {
      if (conflict === undefined) return
      setBase(conflict.theirs)
      replace(choice === 'both' ? conflict.merge.value : conflict.theirs.definition)
      setConflict(undefined)
    },
  }
}
