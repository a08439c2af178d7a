/** A draft that somebody edits while others may, too: an edit of somebody else is shown, and nobody's is lost. */
import { useEffect, useState } from 'react'
import { ApiError } from '../../../api/api-error.js'
import { isSame, type Merge, mergeEdits } from '../model/merge.js'

/** A text as a value, as it was read. */
export interface Kept<Value> {
  /** Null: there is none yet. */
  readonly etag: string | null
  readonly definition: Value
}

interface DraftOptions<Value> {
  /** What the server has now; another value of it is taken over as long as nothing was edited. */
  readonly kept: Kept<Value>
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
  /** Gives up what was edited. */
  readonly discard: () => void
  /** True when it is saved; false: somebody else was faster, see `conflict`. Other refusals are thrown. */
  readonly save: () => Promise<boolean>
  readonly conflict: Conflict<Value> | undefined
  /** Goes on with one of the two, or with both together; nothing is saved by it yet. */
  readonly settle: (choice: 'both' | 'theirs') => void
}

/** Keeps the edit beside what it began with. */
export function useDraft<Value>({ kept, save, reload }: DraftOptions<Value>): Draft<Value> {
  const [base, setBase] = useState(kept)
  const [value, setValue] = useState(kept.definition)
  const [conflict, setConflict] = useState<Conflict<Value>>()
  const isChanged = !isSame(base.definition, value)
  useEffect(() => {
    if (isChanged || kept.etag === base.etag) return
    setBase(kept)
    setValue(kept.definition)
  }, [kept, base.etag, isChanged])
  return {
    value,
    change: setValue,
    isChanged,
    discard: () => setValue(base.definition),
    async save() {
      try {
        const saved = await save(value, base.etag)
        setBase(saved)
        setValue(saved.definition)
        return true
      } catch (error) {
        if (!(error instanceof ApiError) || error.name !== 'EtagMismatch') throw error
        const theirs = await reload()
        setConflict({ theirs, merge: mergeEdits(base.definition, value, theirs.definition) })
        return false
      }
    },
    conflict,
    settle(choice) {
      if (conflict === undefined) return
      setBase(conflict.theirs)
      setValue(choice === 'both' ? conflict.merge.value : conflict.theirs.definition)
      setConflict(undefined)
    },
  }
}
