/** Ctrl+Z, or its like, takes back what was done last while a notice offers that: the notice lies far from where the work is. */

/** What can be taken back now, by the notice that offers it; the newest is last. */
const offers = new Map<string, () => void>()

/** From now on the key takes it back, as long as nothing newer is offered. */
export function offerUndo(notice: string, undo: () => void): void {
  if (offers.size === 0) document.addEventListener('keydown', onKey)
  offers.set(notice, undo)
}

/** The notice is gone. Doing it again changes nothing. */
export function forgetUndo(notice: string): void {
  if (offers.delete(notice) && offers.size === 0) document.removeEventListener('keydown', onKey)
}

function onKey(event: KeyboardEvent): void {
  const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)
  // A field, or an editor that has a history of its own, comes first.
  if (!isUndo || event.shiftKey || event.altKey || event.defaultPrevented || isWritten(event.target)) return
  const newest = [...offers.values()].at(-1)
  if (newest === undefined) return
  event.preventDefault()
  newest()
}

function isWritten(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}
