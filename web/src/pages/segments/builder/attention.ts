/** Where the focus goes when an edit takes away, or brings, what it stood on: readers with a keyboard never start again at the top. */
import { type RefObject, useEffect } from 'react'

/** A part of a node: its fields, the button with what can be done with it, or the one that adds to it. */
type Part = 'fields' | 'more' | 'add'

/** What is to have the focus after the next change of the tree; undefined: it stays where it is. */
export type Attention = RefObject<string | undefined>

/** What the part's element bears as `data-part`. */
export function partName(node: string, part: Part): string {
  return `${node}:${part}`
}

/** Asks for the focus at a part of a node. */
export function attend(attention: Attention, node: string, part: Part): void {
  attention.current = partName(node, part)
}

/** Gives it where it was asked for, once that is there. Call it in what shows the tree. */
export function useAttention(attention: Attention): void {
  useEffect(() => {
    if (attention.current === undefined) return
    const part = document.querySelector<HTMLElement>(`[data-part="${attention.current}"]`)
    if (part === null) return
    attention.current = undefined
    const field = part.matches('button') ? part : part.querySelector<HTMLElement>('input, button')
    field?.focus()
  })
}
