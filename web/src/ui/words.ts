/** The API's words as sentences: they begin small and say behind a semicolon what to do, as a terminal has them. */
import { onPage } from './remedies.js'

/** An error's parts: what happened, and what to do about it. */
export function splitError(message: string): { readonly what: string; readonly remedy: string | undefined } {
  const place = message.indexOf('; ')
  if (place === -1) return { what: message, remedy: undefined }
  return { what: message.slice(0, place), remedy: message.slice(place + 2) }
}

/** `no route to host` is `No route to host.`; what names a command says where the page has it. */
export function sentenceOf(text: string): string {
  const trimmed = onPage(text.trim())
  const end = /[.!?…]$/.test(trimmed) ? '' : '.'
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + end
}
