/** The workspace as a whole: how it goes, its files, and what is published of them. */
import { apply } from '../../operations/apply.js'
import { overview } from '../../operations/overview.js'
import { plan } from '../../operations/plan.js'
import { diffRevision, listRevisions } from '../../operations/revisions.js'
import { validate } from '../../operations/validate.js'
import { deleteFile, listFiles, readFileView, writeFileText } from '../../operations/workspace-files.js'
import { defineRoute } from '../route.js'
import { boolean, count, described, list, nullable, object, oneOf, shortText, text } from '../schema.js'
import { expectedEtag, ifMatchHeaders } from './etags.js'
import { overviewSchema } from './overview-shapes.js'
import { applied, change, fileLine, fileView, problem, revision } from './workspace-shapes.js'

const pathParam = object({
  path: described(shortText, { maxLength: 200, examples: ['segments/lapsed.yaml'] }),
})
const validation = object({
  ok: described(boolean, { description: 'Nothing keeps the files from being applied' }),
  problems: list(problem),
})

export const workspaceRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/workspace',
    role: 'viewer',
    summary: 'How everything goes: sources, people, segments, activations, and what needs attention',
    response: overviewSchema,
    handle: ({ operations }) => overview(operations),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/workspace/files',
    role: 'viewer',
    summary: 'Files of the workspace, and how they stand to what is published',
    response: object({ files: list(fileLine) }),
    handle: async ({ operations }) => ({ files: await listFiles(operations) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/workspace/files/*',
    role: 'operator',
    summary: 'The text of a file, and what is wrong with it',
    params: pathParam,
    response: fileView,
    handle: ({ operations }, { params }) => readFileView(operations, params.path),
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/workspace/files/*',
    role: 'operator',
    summary: 'Write a file as a draft; one that changed meanwhile is answered instead (409)',
    params: pathParam,
    headers: ifMatchHeaders,
    body: object({ text: described(text, { maxLength: 262_144 }) }),
    response: fileView,
    audit: ({ params }) => ({ action: 'workspace write', subject: params.path }),
    handle: ({ operations }, { params, headers, body }) =>
      writeFileText(operations, params.path, body.text, expectedEtag(headers)),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/workspace/files/*',
    role: 'operator',
    summary: 'Delete a draft; what is published stays until the next apply',
    params: pathParam,
    headers: ifMatchHeaders,
    response: object({}),
    audit: ({ params }) => ({ action: 'workspace delete', subject: params.path }),
    async handle({ operations }, { params, headers }) {
      await deleteFile(operations, params.path, expectedEtag(headers) ?? '')
      return {}
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/workspace/validate',
    role: 'viewer',
    summary: 'Everything that is wrong with the drafts',
    response: validation,
    handle: ({ operations }) => validate(operations),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/workspace/plan',
    role: 'viewer',
    summary: 'What applying the drafts would change',
    response: object({
      ok: described(boolean, { description: 'False: there are errors, and no changes are worked out' }),
      changes: list(change),
      problems: list(problem),
      parent: described(nullable(text), { description: 'Hash of the published revision' }),
    }),
    handle: ({ operations }) => plan(operations),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/workspace/apply',
    role: 'operator',
    summary: 'Publish drafts, or an older revision again',
    body: object(
      {
        files: described(list(shortText), { description: 'Only these drafts. Default: all' }),
        message: described(text, { maxLength: 500 }),
        revision: described(shortText, { description: 'An older revision, instead of drafts' }),
        parent: described(nullable(shortText), {
          description: 'The revision that the change was planned against. Default: the newest',
        }),
      },
      ['files', 'message', 'revision', 'parent'],
    ),
    response: applied,
    audit: ({ body }) => ({ action: 'apply', subject: body.revision ?? 'drafts' }),
    handle: ({ operations, member }, { body }) => apply(operations, { ...body, author: member.name }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/workspace/revisions',
    role: 'viewer',
    summary: 'What was published, the newest first',
    query: object({ limit: described(count, { minimum: 1, maximum: 200 }), before: count }, [
      'limit',
      'before',
    ]),
    response: object({ revisions: list(revision) }),
    handle: async ({ operations }, { query }) => ({ revisions: await listRevisions(operations, query) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/workspace/revisions/:revision/diff',
    role: 'viewer',
    summary: 'What publishing a revision changed, or what applying it again would change',
    params: object({ revision: shortText }),
    query: object({
      against: described(oneOf('parent', 'current'), {
        description: 'parent: the revision before it; current: the newest one',
      }),
    }),
    response: object({ revision, changes: list(change) }),
    handle: ({ operations }, { params, query }) => diffRevision(operations, params.revision, query.against),
  }),
]
