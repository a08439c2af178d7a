/** The id of a new source or destination: short, and good wherever it is written. */

/** What kind of thing is named, and what its name must be good for. */
export interface IdRules {
  readonly word: 'source' | 'destination'
  readonly reserved: readonly string[]
  /** Why letters are few. */
  readonly reason: string
}

/** The id names a database of the warehouse. */
export const SOURCE_IDS: IdRules = {
  word: 'source',
  reserved: ['tributary', 'cdp', 'system', 'default', 'information_schema'],
  reason: 'it names the place of the data in the warehouse',
}

/** The id names a file, and stands in the files of activations. */
export const DESTINATION_IDS: IdRules = {
  word: 'destination',
  reserved: [],
  reason: 'activations call the destination so',
}

/** An id made of a connector's title that nothing of its kind has. */
export function proposeId(title: string, taken: readonly string[], rules: IdRules): string {
  const base =
    title
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, 40) || rules.word
  if (idProblem(base, taken, rules) === undefined) return base
  for (let number = 2; ; number += 1) {
    if (!taken.includes(`${base}_${number}`)) return `${base}_${number}`
  }
}

/** What is wrong with an id that somebody typed; undefined where nothing is. */
export function idProblem(
  id: string,
  taken: readonly string[],
  { word, reserved, reason }: IdRules,
): string | undefined {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(id))
    return `Use small letters, digits and _, beginning with a letter: ${reason}.`
  if (reserved.includes(id)) return 'This name is reserved. Choose another one.'
  if (taken.includes(id)) return `Another ${word} has this name already.`
  return undefined
}
