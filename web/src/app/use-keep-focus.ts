/** Keeps the place of whoever works by keys, where what has the focus cannot hold it. */
import { useEffect } from 'react'
import { focusHeading } from '../ui/page.js'

/** Watches every busy button, and every window that opens over the page. */
export function useKeepFocus(): void {
  useEffect(keepBusy, [])
  useEffect(keepAfterWindows, [])
}

/** A button that is busy cannot hold the focus, and gets it back afterwards. */
function keepBusy(): () => void {
  let left: HTMLElement | undefined
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof HTMLButtonElement)) continue
      // The browser takes the focus away only before it draws, and this is told earlier.
      if (target.disabled && target === document.activeElement && 'loading' in target.dataset) left = target
      if (target.disabled || target !== left) continue
      left = undefined
      // Whoever went on is left alone.
      if (document.activeElement === document.body) target.focus({ preventScroll: true })
    }
  })
  observer.observe(document.body, { subtree: true, attributeFilter: ['disabled'] })
  return () => observer.disconnect()
}

const WINDOW = '[role="dialog"]'
/** Until then a window that closed has given the focus back to what opened it. */
const GIVEN_BACK_MS = 50

/** Where what opened a window is gone when that closes, the focus goes to the heading. */
function keepAfterWindows(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const isWindow = (node: Node) =>
    node instanceof Element && (node.matches(WINDOW) || node.querySelector(WINDOW) !== null)
  const observer = new MutationObserver((changes) => {
    if (!changes.some(({ removedNodes }) => [...removedNodes].some(isWindow))) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (document.activeElement !== document.body || document.querySelector(WINDOW) !== null) return
      focusHeading()
    }, GIVEN_BACK_MS)
  })
  observer.observe(document.body, { subtree: true, childList: true })
  return () => {
    clearTimeout(timer)
    observer.disconnect()
  }
}
