/** JSON Schemas as reference: one table an object, one section a definition. */
import { cell, code, plain, table } from './markdown.mjs'

/** The sections of a schema: the value itself, then what it refers to, in the schema's order. */
export function schemaSections(schema) {
  const definitions = Object.entries(schema.$defs ?? {}).filter(([name]) => name !== 'scalar')
  return [
    ...body(schema, schema),
    ...definitions.flatMap(([, definition]) => [
      `## ${definition.title}`,
      plain(definition.description),
      ...body(definition, schema),
    ]),
  ]
}

function body(node, root) {
  if (node.oneOf)
    return [`One of: ${node.oneOf.map((part) => typeOf(part, root)).join(', ')}.`, examples(node)]
  if (node.type === 'array') return [`An array of ${typeOf(node.items, root)}.`, examples(node)]
  const rows = propertyRows(node, root, '')
  if (rows.length === 0) return [`Value: ${typeOf(node, root)}.`]
  return [table(['key', 'type', 'required', 'default', 'what'], rows), examples(node)]
}

function examples(node) {
  const shown = (node.examples ?? []).map((example) => code(JSON.stringify(example)))
  return shown.length > 0 ? `Example: ${shown.join(' · ')}` : undefined
}

/** Rows of an object, those of objects inside it under their path: `ssl.mode`, `streams[].glob`. */
function propertyRows(node, root, prefix) {
  const required = new Set(node.required)
  return sorted(node.properties).flatMap(([name, property]) => {
    const path = prefix + name
    const row = [
      code(path),
      typeOf(property, root),
      required.has(name) ? 'yes' : '',
      property.default === undefined ? '' : code(JSON.stringify(property.default)),
      words(property, root),
    ]
    return [row, ...innerRows(property, root, path)]
  })
}

function innerRows(property, root, path) {
  if (property.$ref) return []
  if (property.properties) return propertyRows(property, root, `${path}.`)
  if (property.items?.properties) return propertyRows(property.items, root, `${path}[].`)
  const forms = (property.oneOf ?? []).filter((part) => part.properties)
  const rows = forms.flatMap((part) => propertyRows(part, root, `${path}.`))
  return rows
    .filter(firstOfPath())
    .map(([name, type, required, ...rest]) => [name, type, required && 'in its form', ...rest])
}

/** Alternatives repeat keys that they share. */
function firstOfPath() {
  const seen = new Set()
  return ([path]) => !seen.has(path) && seen.add(path)
}

function words(property, root) {
  const target = property.$ref ? resolve(property.$ref, root) : property
  const secret = property.writeOnly ? [`**Secret**: write \`\${secret:NAME}\`.`] : []
  const shown = property.$ref
    ? []
    : (property.examples ?? []).slice(0, 2).map((example) => code(cell(JSON.stringify(example))))
  return [
    plain(property.description ?? target.description ?? ''),
    ...secret,
    ...(shown.length > 0 ? [`E.g. ${shown.join(', ')}.`] : []),
  ].join(' ')
}

function typeOf(node, root) {
  if (node.$ref) {
    const target = resolve(node.$ref, root)
    return node.$ref.endsWith('/scalar') ? plainType(target) : `[${target.title}](#${anchor(target.title)})`
  }
  if (node.const !== undefined) return code(JSON.stringify(node.const))
  if (node.enum) return node.enum.map((value) => code(JSON.stringify(value))).join(', ')
  if (node.oneOf) return node.oneOf.map((part) => part.title ?? typeOf(part, root)).join(' or ')
  if (node.type === 'array')
    return `array of ${node.items?.properties ? 'objects' : typeOf(node.items ?? {}, root)}`
  return plainType(node)
}

const FORMATS = {
  'duration-text': 'duration',
  cron: 'cron expression',
  'time-zone': 'time zone',
  'date-time': 'time, ISO 8601',
}

function plainType(node) {
  const types = [node.type ?? 'any'].flat().join(' or ')
  const { minimum, maximum } = node
  const range = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : ''
  return (FORMATS[node.format] ?? types) + range
}

function resolve(reference, root) {
  return reference
    .split('/')
    .slice(1)
    .reduce((node, key) => node[key], root)
}

/** `x-order` is how forms and documentation agree on an order. */
function sorted(properties) {
  const order = (property) => property['x-order'] ?? Number.MAX_SAFE_INTEGER
  return Object.entries(properties ?? {}).sort(([, left], [, right]) => order(left) - order(right))
}

/** How GitHub names the anchor of a heading. */
const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
