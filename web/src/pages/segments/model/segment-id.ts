/** The id of a new segment: its file's name, made of what people call it. */

/** Letters, digits and hyphens, at most 60; with a number where the id is taken. */
export function segmentIdOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  const id = /^[a-z]/.test(plain) ? plain : plain === '' ? 'segment' : `segment-${plain}`
  if (!taken.has(id)) return id
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${id}-${number}`)) return `${id}-${number}`
  }
}
