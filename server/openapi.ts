/** The API's description (OpenAPI 3.1), made of the routes: the typed client, documentation and tests read it. */
import type { Schema } from '../runtime/validation.js'
import { Components } from './components.js'
import type { Route } from './route.js'
import { bytes, fileSchema, list, named, number, object, text } from './schema.js'

const apiError = named(
  'ApiError',
  object({
    error: object(
      {
        name: text,
        message: text,
        problems: list(
          object(
            {
              file: text,
              line: number,
              column: number,
              path: text,
              message: text,
              remedy: text,
              severity: text,
            },
            ['file', 'line', 'column', 'severity'],
          ),
        ),
        requestId: text,
        details: fileSchema<Readonly<Record<string, unknown>>>('ErrorDetails', {
          type: 'object',
          additionalProperties: true,
        }),
      },
      ['problems', 'requestId', 'details'],
    ),
  }),
)

/** Deterministic: the same routes give the same document. */
export function openApiDocument(routes: readonly Route[], version: string): Schema {
  const components = new Components('#/components/schemas/')
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = openApiPath(route.path)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tributary management API', version },
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tributary_session',
          description: 'Behind its name stands _ and what tells the workspace from others of the host',
        },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

/** What comes as bytes, and not as JSON. */
export const BYTES = 'application/octet-stream'

const MEDIA = {
  json: 'application/json',
  events: 'text/event-stream',
  lines: 'application/x-ndjson',
} as const

function operation(route: Route, components: Components) {
  const { role, summary, body, response, kind } = route
  const media = MEDIA[kind]
  return {
    summary,
    'x-role': role,
    ...(role !== 'anyone' && { security: [{ session: [] }, { token: [] }] }),
    parameters: [
      ...parameters('path', route.params, components),
      ...parameters('query', route.query, components),
      ...parameters('header', route.headers, components),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { [body === bytes ? BYTES : 'application/json']: { schema: components.refer(body) } },
      },
    }),
    responses: {
      200: { description: summary, content: { [media]: { schema: components.refer(response) } } },
      default: {
        description: 'What went wrong, and what to do',
        content: { 'application/json': { schema: components.refer(apiError) } },
      },
    },
  }
}

function parameters(place: string, schema: Schema | undefined, components: Components) {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, Schema>>
  const required = (schema?.required ?? []) as readonly string[]
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(property.description !== undefined && { description: property.description }),
    schema: components.refer(property),
  }))
}

/** `/files/*` → `/files/{path}`, `/sources/:id` → `/sources/{id}`. */
function openApiPath(path: string): string {
  return path.replace(/\*$/, '{path}').replace(/:(\w+)/g, '{$1}')
}
