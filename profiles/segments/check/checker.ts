/** What the checks of one definition share. */

export interface SegmentProblem {
  /** The segment's id. */
  readonly segment: string
  /** From the file's root. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
}

/** What conditions may speak of. */
export interface KnownNames {
  readonly traits: ReadonlySet<string>
  /** Properties by event. */
  readonly events: ReadonlyMap<string, ReadonlySet<string>>
  readonly identifiers: ReadonlySet<string>
  /** @default any name */
  readonly lists?: ReadonlySet<string>
}

export interface Checker {
  readonly known: KnownNames
  add(path: SegmentProblem['path'], message: string, remedy: string): void
  /** Reports characters that no stored text can have. */
  text(text: unknown, path: SegmentProblem['path']): void
}

export function createChecker(segment: string, known: KnownNames, problems: SegmentProblem[]): Checker {
  const add: Checker['add'] = (path, message, remedy) => {
    problems.push({ segment, path, message, remedy })
  }
  return {
    known,
    add,
    text(text, path) {
      if (typeof text === 'string' && text.includes('\0'))
        add(path, 'the text has a NUL character', 'take it out')
    },
  }
}

/** For remedies: some names, sorted. */
export const names = (known: Iterable<string>): string => [...known].sort().slice(0, 20).join(', ') || 'none'
