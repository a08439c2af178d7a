/** Names with wildcards, as stream and field lists use them: `*` any characters, `?` one. Pure, usable in workflows. */

/** True when the name has a wildcard. */
export function isGlob(name: string): boolean {
  return /[*?]/.test(name)
}

/** True when the whole text matches; every other character stands for itself. Linear in the text for each `*`. */
export function matchesGlob(glob: string, text: string): boolean {
  let position = 0
  let start = 0
  let star = -1
  let resume = 0
  while (position < text.length) {
    const wanted = glob[start]
    if (wanted === '*') {
      star = start++
      resume = position
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[position])) {
      start++
      position++
    } else if (star >= 0) {
      start = star + 1
      position = ++resume
    } else {
      return false
    }
  }
  while (glob[start] === '*') start++
  return start === glob.length
}
