/** The draft that is being edited, with undo and redo by button and by key. */
import { useHotkeys } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import type { Draft } from '../model/conditions.js'
import { beginHistory, change, redo, undo } from '../model/history.js'

/** The draft and what can be done with it. */
export interface Edits {
  readonly draft: Draft
  /** @param about the field that is typed in: going on in it is one step */
  readonly edit: (next: (draft: Draft) => Draft, about?: string) => void
  readonly undo: () => void
  readonly redo: () => void
  readonly canUndo: boolean
  readonly canRedo: boolean
}

/** @param first the draft at the beginning; later values are not looked at */
export function useEdits(first: Draft): Edits {
  const [history, setHistory] = useState(() => beginHistory(first))
  const edit = useCallback<Edits['edit']>((next, about) => {
    setHistory((before) => change(before, next(before.present), about))
  }, [])
  const back = useCallback(() => setHistory(undo), [])
  const forward = useCallback(() => setHistory(redo), [])
  // Inside of fields, too: what they show is the draft's, and no field has a history of its own.
  useHotkeys(
    [
      ['mod+Z', back],
      ['mod+shift+Z', forward],
      ['mod+Y', forward],
    ],
    [],
  )
  return {
    draft: history.present,
    edit,
    undo: back,
    redo: forward,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  }
}
