/** How long data is kept, in the text of tributary.yaml. Everything else in it, comments too, stays as it is. */
import { parseDocument } from 'yaml'

/** What is kept, with what it is. */
export const KEPT = [
  { key: 'raw', title: 'Raw rows', what: 'Rows as the sources gave them.' },
  { key: 'rejects', title: 'Rejected rows', what: 'Rows that could not be loaded, kept for another try.' },
  { key: 'audit', title: 'Who did what', what: 'The log of changes.' },
] as const

/** How long by key; absent: for ever. */
export type RetentionTexts = Readonly<Partial<Record<(typeof KEPT)[number]['key'], string>>>

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
    if (length === undefined) document.deleteIn(['retention', key])
    else document.setIn(['retention', key], length)
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
