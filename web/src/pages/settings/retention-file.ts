/** How long data is kept, in the text of tributary.yaml. Everything else in it, comments too, stays as it is. */
import { isMap, parseDocument } from 'yaml'
import { parseLength } from './durations.js'

export type KeptKind = 'raw' | 'rejects' | 'audit'

/** What is kept, with what it is and what its age is counted from. `unnamed`: how long where the file does not say. */
export const KEPT: readonly {
  readonly key: KeptKind
  readonly title: string
  readonly what: string
  readonly unnamed?: string
}[] = [
  {
    key: 'raw',
    title: 'Loaded rows',
    what: 'Rows as the sources gave them, by the day on which they were loaded. Of records that are updated in place the newest state always stays.',
  },
  {
    key: 'rejects',
    title: 'Rejected rows',
    what: 'Rows that could not be loaded, kept for another try.',
    unnamed: '90d',
  },
  { key: 'audit', title: 'Who did what', what: 'The log of changes.' },
]

/** How long by key; absent: for ever, or what holds where the file does not say. */
export type RetentionTexts = Readonly<Partial<Record<KeptKind, string>>>

/** The kinds that are kept for a shorter time after than before. */
export function shortened(before: RetentionTexts, after: RetentionTexts): readonly KeptKind[] {
  const days = (texts: RetentionTexts, { key, unnamed }: (typeof KEPT)[number]) => {
    const length = parseLength(texts[key] ?? unnamed)
    return length === undefined ? Number.POSITIVE_INFINITY : length.count * (length.unit === 'y' ? 365 : 1)
  }
  return KEPT.filter((kept) => days(after, kept) < days(before, kept)).map(({ key }) => key)
}

/** What stands in the file. */
export function readRetention(text: string): RetentionTexts {
  const document = parseDocument(text)
  return Object.fromEntries(
    KEPT.flatMap(({ key }) => {
      const held: unknown = document.getIn(['retention', key])
      return typeof held === 'string' ? [[key, held]] : []
    }),
  )
}

/** The file's text with other lengths. */
export function writeRetention(text: string, retention: RetentionTexts): string {
  const document = parseDocument(text)
  for (const { key } of KEPT) {
    const length = retention[key]
    const isThere = isMap(document.get('retention'))
    if (length === undefined) {
      if (isThere) document.deleteIn(['retention', key])
    } else if (isThere) document.setIn(['retention', key], length)
    else document.set('retention', document.createNode({ [key]: length }))
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
