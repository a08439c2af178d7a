/** Texts of others, of which nothing is hidden: what no eye sees, or what turns the text around it, stands as its code. */

/**
 * Control characters but ends of lines and tabs; spaces without width; what orders the direction of text. Joiners, and the marks
 * of direction that only concern their neighbours, belong to writing and to emoji.
 */
const UNSEEN = /[\p{Cc}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu
const KEPT = new Set(['\n', '\r', '\t'])
const TO_THE_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const ISOLATE = '\u2068'
const END = '\u2069'

/** The same text, as far as all of it is seen; one that is written from the right leaves the order of its neighbours alone. */
export function seen(text: string): string {
  const shown = text.replace(UNSEEN, (character) => (KEPT.has(character) ? character : codeOf(character)))
  return TO_THE_LEFT.test(shown) ? `${ISOLATE}${shown}${END}` : shown
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
