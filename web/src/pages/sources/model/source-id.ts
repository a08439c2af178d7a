/** The id of a new source: short, and good as the name of a database. */

const RESERVED: readonly string[] = ['tributary', 'cdp', 'system', 'default', 'information_schema']

/** An id made of a connector's title that no other source has. */
export function proposeId(title: string, taken: readonly string[]): string {
  const base =
    title
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, 40) || 'source'
  if (idProblem(base, taken) === undefined) return base
  for (let number = 2; ; number += 1) {
    if (!taken.includes(`${base}_${number}`)) return `${base}_${number}`
  }
}

/** What is wrong with an id that somebody typed; undefined where nothing is. */
export function idProblem(id: string, taken: readonly string[]): string | undefined {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(id))
    return 'Use small letters, digits and _, beginning with a letter: it names the place of the data in the warehouse.'
  if (RESERVED.includes(id)) return 'This name is reserved. Choose another one.'
  if (taken.includes(id)) return 'Another source has this name already.'
  return undefined
}
