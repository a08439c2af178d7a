import { deepEqual, equal, throws } from 'node:assert/strict'
import { routes } from './api/index.js'
import { openApiDocument } from './openapi.js'
import { defineRoute } from './route.js'
import { count, fileSchema, list, named, object, text } from './schema.js'

const thing = named('Thing', object({ id: text, parts: list(text) }))

const route = defineRoute({
  method: 'GET',
  path: '/api/v1/things/:id/files/*',
  role: 'operator',
  summary: 'A thing',
  params: object({ id: text, path: text }),
  query: object({ limit: count }, ['limit']),
  response: object({ thing, others: list(thing) }),
  handle: async () => ({ thing: { id: '', parts: [] }, others: [] }),
})

describe('the description of the API', () => {
  it('names paths, parameters, roles and components of a route', () => {
    const { paths, components } = openApiDocument([route], '1.2.3') as {
      paths: Record<string, Record<string, Record<string, unknown>>>
      components: { schemas: Record<string, unknown> }
    }
    const { get } = paths['/api/v1/things/{id}/files/{path}']!
    deepEqual(get!.parameters, [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'path', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 0 } },
    ])
    equal(get!['x-role'], 'operator')
    deepEqual(get!.responses, {
      200: {
        description: 'A thing',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                thing: { $ref: '#/components/schemas/Thing' },
                others: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
              },
              required: ['thing', 'others'],
              additionalProperties: false,
            },
          },
        },
      },
      default: {
        description: 'What went wrong, and what to do',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
      },
    })
    deepEqual(components.schemas.Thing, {
      type: 'object',
      properties: { id: { type: 'string' }, parts: { type: 'array', items: { type: 'string' } } },
      required: ['id', 'parts'],
      additionalProperties: false,
    })
  })

  it('refuses two schemas of one name', () => {
    const other = fileSchema('Thing', { type: 'string' })
    const second = defineRoute({
      method: 'GET',
      path: '/api/v1/others',
      role: 'viewer',
      summary: 'Others',
      response: other,
      handle: async () => '',
    })
    throws(() => openApiDocument([route, second], '1'), { name: 'ComponentConflict' })
  })

  it('of this server refers to nothing that is not there', () => {
    const document = openApiDocument(routes, '1')
    const schemas = (document.components as { schemas: Record<string, unknown> }).schemas
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
    deepEqual(
      references.map(([, name]) => name!).filter((name) => !(name in schemas)),
      [],
    )
  })

  it('of this server names every parameter of a path, and only those', () => {
    const wrong = routes.filter(({ path, params }) => {
      const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
      const all = path.endsWith('*') ? [...named, 'path'] : named
      const declared = Object.keys((params?.properties ?? {}) as object)
      return all.sort().join() !== declared.sort().join()
    })
    deepEqual(
      wrong.map(({ method, path }) => `${method} ${path}`),
      [],
    )
  })
})
