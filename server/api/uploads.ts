/** Files that people send from their own computers: sources read them from the workspace's folder `uploads`. */
import {
  bringUploadBack,
  MAX_PIECE_BYTES,
  sendUpload,
  showUploads,
  takeUploadAway,
} from '../../operations/uploads.js'
import { defineRoute } from '../route.js'
import { boolean, bytes, count, described, list, moment, named, object, shortText, text } from '../schema.js'

const folder = described(shortText, { maxLength: 63, examples: ['orders-x7k2'] })
const file = described(shortText, { maxLength: 200, examples: ['orders.csv'] })
const uploadParams = object({ folder, file })
const nothing = object({})

export const uploadRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/uploads/:folder',
    role: 'marketer',
    summary: 'Files that were sent to a folder',
    params: object({ folder }),
    response: object({
      files: list(named('UploadedFile', object({ name: text, bytes: count, changedAt: moment }))),
    }),
    handle: async ({ operations }, { params }) => ({ files: await showUploads(operations, params.folder) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/uploads/:folder/:file',
    role: 'marketer',
    summary: 'Send a piece of a file; with its last one it takes the place of a file of its name',
    params: uploadParams,
    query: object({
      upload: described(shortText, { description: 'The same for all pieces of a file; letters you make up' }),
      at: described(count, { description: 'Bytes before this piece' }),
      last: boolean,
    }),
    body: bytes,
    bodyLimit: MAX_PIECE_BYTES,
    response: object({ received: described(count, { description: 'Bytes of the file that are there' }) }),
    audit: ({ params, query, body }) =>
      query.last
        ? {
            action: 'upload send',
            subject: `${params.folder}/${params.file}`,
            detail: `${query.at + body.length} bytes`,
          }
        : undefined,
    handle: ({ operations }, { params, query, body }) =>
      sendUpload(operations, params, { ...query, bytes: body }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/uploads/:folder/:file',
    role: 'marketer',
    summary: 'Take a file away that was sent; it can be brought back for a day',
    params: uploadParams,
    response: nothing,
    audit: ({ params }) => ({ action: 'upload remove', subject: `${params.folder}/${params.file}` }),
    handle: async ({ operations }, { params }) => {
      await takeUploadAway(operations, params)
      return {}
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/uploads/:folder/:file/restore',
    role: 'marketer',
    summary: 'Bring a file back that was taken away',
    params: uploadParams,
    response: nothing,
    audit: ({ params }) => ({ action: 'upload restore', subject: `${params.folder}/${params.file}` }),
    handle: async ({ operations }, { params }) => {
      await bringUploadBack(operations, params)
      return {}
    },
  }),
]
