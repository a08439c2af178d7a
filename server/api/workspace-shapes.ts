/** Shapes that the routes over the workspace's files have in common. */
import {
  boolean,
  count,
  described,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  oneOf,
  shortText,
  type TypedSchema,
  text,
} from '../schema.js'

/** What stands in addresses: ids of files. */
export const idParam = object({ id: described(shortText, { maxLength: 128, examples: ['shop'] }) })

export const problem = named(
  'Problem',
  object({
    file: described(text, { examples: ['sources/shop.yaml'] }),
    line: described(count, { description: 'From 1' }),
    column: described(count, { description: 'From 1' }),
    path: described(text, { description: 'Place in the document', examples: ['streams[0].sync_mode'] }),
    message: text,
    remedy: described(text, { description: 'What to do' }),
    severity: described(oneOf('error', 'warning'), { description: 'Only errors keep it from being applied' }),
  }),
)

export const draftState = described(oneOf('published', 'new', 'changed', 'removed'), {
  description:
    'How the draft stands to what is published; removed: published, and there is no draft any more',
})

export const etag = described(text, { description: 'Names the text, for if-match' })

const fileProperties = {
  path: text,
  kind: oneOf('workspace', 'identity', 'traits', 'source', 'mapping', 'segment', 'destination', 'activation'),
  id: nullable(text),
  state: draftState,
}

export const fileLine = named('FileLine', object({ ...fileProperties, etag: nullable(etag) }))

export const fileView = named('FileView', object({ ...fileProperties, etag, text, problems: list(problem) }))

export const change = named(
  'Change',
  object(
    {
      kind: described(text, { examples: ['source_added'] }),
      message: described(text, { description: 'In words, without values of configs' }),
      source: text,
      stream: text,
      mapping: text,
      segment: text,
      destination: text,
      activation: text,
    },
    ['source', 'stream', 'mapping', 'segment', 'destination', 'activation'],
  ),
)

/** A file as a value, and how it stands to what is published. */
export function documentOf<File>(definition: TypedSchema<File>) {
  return object({
    id: text,
    path: text,
    state: draftState,
    etag: described(nullable(etag), { description: 'Null: there is no draft any more' }),
    text: described(text, { description: 'YAML; secrets that stand in it are hidden' }),
    definition: described(nullable(definition), {
      description: 'Null: the text has not the shape of its kind; see problems',
    }),
    problems: list(problem),
  })
}

export const applied = named(
  'Applied',
  object({
    revision: described(text, { description: 'Hash of the content' }),
    number: described(count, { description: 'From 1' }),
    changed: described(boolean, { description: 'False: this was current already' }),
    changes: list(change),
    schedules: object({ created: count, updated: count, removed: count, unchanged: count }),
    problems: described(list(problem), { description: 'Warnings' }),
    seconds: number,
  }),
)

export const revision = named(
  'Revision',
  object({
    revision: described(text, { description: 'Hash of the content' }),
    number: described(count, { description: 'From 1' }),
    author: text,
    message: text,
    appliedAt: moment,
  }),
)
