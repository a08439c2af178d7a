/** The id of something new: its file's name, made of what people call it, and good wherever it is written. */

/** What kind of thing is named, and what its name must be good for. */
export interface IdRules {
  /** What it is: an id begins with it where the name gives no beginning. */
  readonly word: 'source' | 'destination' | 'segment' | 'activation'
  /** Stands between the words of a proposed id. With a hyphen, hyphens may be typed, too. */
  readonly joint: '_' | '-'
  /** Names that mean something else already. */
  readonly reserved: readonly string[]
  /** Why letters are few, where that is not plain. */
  readonly reason?: string
}

/** The id names a database of the warehouse. */
export const SOURCE_IDS: IdRules = {
  word: 'source',
  joint: '_',
  reserved: ['tributary', 'cdp', 'system', 'default', 'information_schema'],
  reason: 'it names the place of the data in the warehouse',
}

/** The id names a file, and stands in the files of activations. */
export const DESTINATION_IDS: IdRules = {
  word: 'destination',
  joint: '_',
  reserved: [],
  reason: 'activations call the destination so',
}

/** The id names a file, and the segment's page: other pages stand beside it. */
export const SEGMENT_IDS: IdRules = { word: 'segment', joint: '-', reserved: ['new', 'lists'] }

/** The id names a file. */
export const ACTIVATION_IDS: IdRules = { word: 'activation', joint: '-', reserved: ['new'] }

/** Longest id that a file may have. */
const LONGEST = 63
/** Leaves room for a number behind. */
const LONGEST_PROPOSED = 58

/** An id that nothing of its kind has; with a number where the plain one is taken. */
export function proposeId(name: string, taken: readonly string[], rules: IdRules): string {
  const { word, joint } = rules
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, joint)
    .replace(/^[_-]+/, '')
  const begun = /^[a-z]/.test(plain) ? plain : `${word}${joint}${plain}`
  const id = begun.slice(0, LONGEST_PROPOSED).replace(/[_-]+$/, '')
  if (idProblem(id, taken, rules) === undefined) return id
  for (let number = 2; ; number += 1) {
    const numbered = `${id}${joint}${number}`
    if (!taken.includes(numbered)) return numbered
  }
}

/** What is wrong with an id that somebody typed; undefined where nothing is. */
export function idProblem(id: string, taken: readonly string[], rules: IdRules): string | undefined {
  const { word, joint, reserved, reason } = rules
  const isGood = joint === '-' ? /^[a-z][a-z0-9_-]*$/ : /^[a-z][a-z0-9_]*$/
  if (id.length > LONGEST) return `Use at most ${LONGEST} letters.`
  if (!isGood.test(id)) {
    const signs = joint === '-' ? 'digits, _ and -' : 'digits and _'
    return `Use small letters, ${signs}, beginning with a letter${reason === undefined ? '' : `: ${reason}`}.`
  }
  if (reserved.includes(id)) return 'This name is reserved. Choose another one.'
  if (taken.includes(id)) return `Another ${word} has this name already.`
  return undefined
}
