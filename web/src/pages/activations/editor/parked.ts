/** An edit that is set aside while its destination is connected on another page, in this window only. */
import type { Definition } from '../model/definition.js'

const keyOf = (id: string | undefined) => `activation-edit:${id ?? ''}`

/** @param id of the activation; undefined: of a new one */
export function park(id: string | undefined, definition: Definition): void {
  window.sessionStorage.setItem(keyOf(id), JSON.stringify(definition))
}

/** What was set aside; undefined where nothing was. It may be asked for again. */
export function parked(id: string | undefined): Definition | undefined {
  const text = window.sessionStorage.getItem(keyOf(id))
  return text === null ? undefined : (JSON.parse(text) as Definition)
}

/** Forgets it: it was saved, or given up. */
export function unpark(id: string | undefined): void {
  window.sessionStorage.removeItem(keyOf(id))
}
