/** The routes that every kind of definition has: read, write, delete and publish its draft. */
import { apply } from '../../operations/apply.js'
import type { OperationContext } from '../../operations/context.js'
import {
  type DocumentView,
  deleteWorkspaceDocument,
  readWorkspaceDocument,
  writeWorkspaceDocument,
} from '../../operations/workspace-documents.js'
import { defineRoute, type Route, type RouteContext } from '../route.js'
import {
  described,
  either,
  list,
  named,
  nullable,
  number,
  object,
  type TypedSchema,
  text,
} from '../schema.js'
import { expectedEtag, ifMatchHeaders } from './etags.js'
import { applied, documentOf, etag, idParam } from './workspace-shapes.js'

/** What is wrong at a place of a definition that was not saved. */
export const draftProblem = named(
  'DraftProblem',
  object({
    path: described(list(either(text, number)), {
      description: 'Keys and indexes from the definition’s root: leads to the condition',
      examples: [['who', 'all', 0, 'trait']],
    }),
    message: text,
    remedy: described(text, { description: 'What to do' }),
  }),
)

export interface DraftKind<File> {
  /** Folder of the workspace, and part of the address. */
  readonly folder: 'sources' | 'mappings' | 'segments' | 'activations' | 'destinations'
  /** As a person says it: `a segment`. */
  readonly one: string
  readonly definition: TypedSchema<File>
  /** @default the file as a value */
  readonly read?: (context: OperationContext, id: string) => Promise<DocumentView<File>>
  /** @default the value as a file */
  readonly write?: (context: RouteContext, id: string, edit: DraftEdit<File>) => Promise<DocumentView<File>>
  /** @default the file goes, and nothing is remembered */
  readonly remove?: (context: OperationContext, id: string, expected: string) => Promise<void>
}

/** The value that a draft shall have. */
interface DraftEdit<File> {
  readonly definition: File
  /** Etag of the draft that it replaces; null: there is none yet. */
  readonly expected: string | null
  /** Whose comments and order are kept. */
  readonly text?: string
}

/** Marketers write and publish what is theirs, whatever else waits to be applied. */
export function draftRoutes<File>({
  folder,
  one,
  definition,
  read = (context, id) => readWorkspaceDocument<File>(context, folder, id),
  write = ({ operations }, id, { definition: value, expected, text: before }) =>
    writeWorkspaceDocument(operations, folder, id, value, expected, before),
  remove = (context, id, expected) => deleteWorkspaceDocument(context, folder, id, expected),
}: DraftKind<File>): readonly Route[] {
  const document = documentOf(definition)
  return [
    defineRoute({
      method: 'GET',
      path: `/api/v1/${folder}/:id`,
      role: 'viewer',
      summary: `The draft of ${one}, what is wrong with it, and how it stands to what is published`,
      params: idParam,
      response: document,
      handle: ({ operations }, { params }) => read(operations, params.id),
    }),
    defineRoute({
      method: 'PUT',
      path: `/api/v1/${folder}/:id`,
      role: 'marketer',
      summary: `Write the draft of ${one}; one that changed meanwhile is answered instead (409)`,
      params: idParam,
      headers: ifMatchHeaders,
      body: object(
        {
          definition,
          text: described(text, {
            description:
              'A file of before, whose comments and order are kept. Default: the draft, or what is published',
          }),
        },
        ['text'],
      ),
      response: document,
      audit: ({ params }) => ({ action: `${folder} write`, subject: params.id }),
      handle: (context, { params, headers, body }) =>
        write(context, params.id, { ...body, expected: expectedEtag(headers) }),
    }),
    defineRoute({
      method: 'DELETE',
      path: `/api/v1/${folder}/:id`,
      role: 'marketer',
      summary: `Delete the draft of ${one}; what is published stays until that is published, too`,
      params: idParam,
      headers: ifMatchHeaders,
      response: object({}),
      audit: ({ params }) => ({ action: `${folder} delete`, subject: params.id }),
      async handle({ operations }, { params, headers }) {
        await remove(operations, params.id, expectedEtag(headers) ?? '')
        return {}
      },
    }),
    defineRoute({
      method: 'POST',
      path: `/api/v1/${folder}/:id/publish`,
      role: 'marketer',
      summary: `Publish the draft of ${one}, or that it was deleted; drafts of others stay drafts`,
      params: idParam,
      body: object(
        {
          message: described(text, { description: 'Why', maxLength: 500 }),
          etag: described(nullable(etag), {
            description:
              'Of the draft that was looked at; null: there was none any more. Another one is answered instead (409)',
          }),
        },
        ['message', 'etag'],
      ),
      response: applied,
      audit: ({ params }) => ({ action: `${folder} publish`, subject: params.id }),
      handle({ operations, member }, { params, body: { etag: seen, ...body } }) {
        const file = `${folder}/${params.id}.yaml`
        const asSeen = seen === undefined ? {} : { seen: { [file]: seen } }
        return apply(operations, { ...body, ...asSeen, files: [file], author: member.name })
      },
    }),
  ]
}
