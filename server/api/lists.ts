/** Static lists: people whom somebody put together by hand. */
import { changeList, showLists, showOneList } from '../../operations/people/lists.js'
import { defineRoute, type RouteContext } from '../route.js'
import { count, described, list, moment, named, object, personal, shortText, text } from '../schema.js'
import { askedRefresh, identifierName } from './people-shapes.js'

const listParam = object({ list: described(shortText, { maxLength: 200, examples: ['newsletter'] }) })

const change = object({
  type: described(shortText, { description: 'Type of the identifiers', examples: ['email'] }),
  values: described(list(shortText), { minItems: 1, maxItems: 10_000 }),
})

const changed = named(
  'ListChanged',
  object({
    list: text,
    changed: described(count, { description: 'Entries that changed the list' }),
    unchanged: described(count, { description: 'Entries that it had, or lacked, before' }),
    refused: described(personal(list(object({ type: text, value: text }))), {
      description: 'Values that identify nobody: blocked, or not well-formed',
    }),
    refresh: askedRefresh,
  }),
)

type Change = Pick<Parameters<typeof changeList>[3], 'type' | 'values'>

const changeAs =
  (direction: 'add' | 'remove') =>
  (
    { operations, member }: RouteContext,
    { params, body }: { readonly params: { readonly list: string }; readonly body: Change },
  ) =>
    changeList(operations, direction, params.list, { ...body, author: member.name })

export const listRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/lists',
    role: 'viewer',
    summary: 'Lists of people, by name',
    response: object({
      lists: list(named('PeopleList', object({ list: text, entries: count, changedAt: moment }))),
    }),
    handle: async ({ operations }) => ({ lists: await showLists(operations) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/lists/:list',
    role: 'viewer',
    summary: 'Who is on a list',
    params: listParam,
    query: object({ limit: described(count, { minimum: 1, maximum: 10_000 }) }, ['limit']),
    response: object({ list: text, size: count, entries: list(identifierName) }),
    handle: ({ operations }, { params, query }) => showOneList(operations, params.list, query.limit),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/lists/:list/add',
    role: 'marketer',
    summary: 'Put people on a list, which begins with its first',
    params: listParam,
    body: change,
    response: changed,
    audit: ({ params, body }) => ({
      action: 'list add',
      subject: params.list,
      detail: `${body.values.length} values`,
    }),
    handle: changeAs('add'),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/lists/:list/remove',
    role: 'marketer',
    summary: 'Take people off a list',
    params: listParam,
    body: change,
    response: changed,
    audit: ({ params, body }) => ({
      action: 'list remove',
      subject: params.list,
      detail: `${body.values.length} values`,
    }),
    handle: changeAs('remove'),
  }),
]
