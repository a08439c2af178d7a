/** Folders of the workspace that hold what people sent, as configs name them. */

/** The folder in `./uploads/<folder>`; undefined for any other place. */
export function uploadFolder(place: unknown): string | undefined {
  return typeof place === 'string'
    ? /^(?:\.\/)?uploads\/([a-z0-9][a-z0-9_-]{0,62})\/?$/.exec(place)?.[1]
    : undefined
}

/** As a config names it. */
export function uploadPlace(folder: string): string {
  return `./uploads/${folder}`
}

/** A folder that nothing else is sent to: named after its first file. */
export function newFolder(file: string): string {
  const words = file
    .replace(/\..*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return `${words || 'files'}-${randomLetters(6)}`
}

/** True where the name ends as one of these, in whatever letters. */
export function isAccepted(file: string, accept: readonly string[]): boolean {
  return accept.some((ending) => file.toLowerCase().endsWith(ending))
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Small letters and digits that cannot be taken for each other. */
export function randomLetters(count: number): string {
  return [...crypto.getRandomValues(new Uint8Array(count))]
    .map((byte) => LETTERS[byte % LETTERS.length])
    .join('')
}
