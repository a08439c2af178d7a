/** Keeps the place of whoever works by keys: a button that is busy cannot hold the focus, and gets it back afterwards. */
import { useEffect } from 'react'

/** Watches every button of the page that says it is busy. */
export function useKeepFocus(): void {
  useEffect(() => {
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
  }, [])
}
