/** What the normalisers have in common. They are pure: the same value gives the same text for ever, and nothing throws. */

/** Makes a value what a vendor documents, before it is hashed, compared and sent; undefined: it cannot be. */
export type Normaliser = (value: string) => string | undefined

const BLANK = /[\s\p{Z}\p{Cc}\p{Cf}]/u

/** Without blanks of any kind around, and without what is written to be invisible. */
export function trimmed(value: string): string {
  // An expression for the end would look at a long gap in the middle again and again.
  let [from, to] = [0, value.length]
  while (from < to && BLANK.test(value[from]!)) from += 1
  while (from < to && BLANK.test(value[to - 1]!)) to -= 1
  return value.slice(from, to)
}

/** The text, or undefined where nothing is left of it. */
export const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)

/** Letters of Latin scripts that no accent makes of others. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
}

/**
 * Lower-case letters (and digits, with `digits`) and nothing else, the accents of Latin letters left out (`saopaulo` of
 * `São Paulo`). Letters of other scripts stay: their marks are part of them.
 */
export const folded = (value: string, digits = false): string =>
  value
    .normalize('NFKD')
    .toLowerCase()
    .replace(digits ? /[^\p{L}\p{M}\p{N}]/gu : /[^\p{L}\p{M}]/gu, '')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .replace(/[ßæœøđðþłħı]/g, (letter) => LETTERS[letter]!)
    .normalize('NFC')
