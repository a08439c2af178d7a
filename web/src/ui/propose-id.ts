/** The id of something new: its file's name, made of what people call it. */

/**
 * Letters, digits and hyphens, at most 60; with a number where the id is taken.
 * @param kind what it is where the name gives no id: `segment`
 */
export function proposeId(name: string, taken: ReadonlySet<string>, kind: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  const id = /^[a-z]/.test(plain) ? plain : plain === '' ? kind : `${kind}-${plain}`
  if (!taken.has(id)) return id
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${id}-${number}`)) return `${id}-${number}`
  }
}

/** What is wrong with an id that somebody typed; undefined where nothing is. */
export function idProblem(id: string, taken: ReadonlySet<string>): string | undefined {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(id))
    return 'Use small letters, digits, _ and -, beginning with a letter.'
  return taken.has(id) ? 'This name is taken already. Choose another one.' : undefined
}
