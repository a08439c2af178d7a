/** What a connector's spec says of its form: order, groups, secrets; as react-jsonschema-form wants to hear it. */
import type { UiSchema } from '@rjsf/utils'
import type { JsonSchema } from './types.js'

/**
 * A schema as it is checked: of a secret only its name is in the data, so nothing is asked of the name's letters. A default
 * is what counts without the field, and stays out of the data; a constant tells a choice from the others, and enters it.
 */
export function checkedSchema(schema: JsonSchema): JsonSchema {
  const { properties, items, oneOf, anyOf, additionalProperties, default: _standard, ...rest } = schema
  const letters = isSecret(schema) ? withoutLetters(rest) : rest
  const own = schema.const === undefined ? letters : { ...letters, default: schema.const }
  return {
    ...own,
    ...(properties === undefined ? {} : { properties: mapSchemas(properties) }),
    ...(isSchema(items) ? { items: checkedSchema(items) } : items === undefined ? {} : { items }),
    ...(oneOf === undefined
      ? {}
      : { oneOf: oneOf.map((each) => (isSchema(each) ? checkedSchema(each) : each)) }),
    ...(anyOf === undefined
      ? {}
      : { anyOf: anyOf.map((each) => (isSchema(each) ? checkedSchema(each) : each)) }),
    ...(isSchema(additionalProperties)
      ? { additionalProperties: addedSchema(checkedSchema(inheritSecret(schema, additionalProperties))) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
  }
}

/** How each field is shown. */
export function uiSchemaOf(schema: JsonSchema): UiSchema<unknown, JsonSchema> {
  const ui: UiSchema<unknown, JsonSchema> = {}
  const widget = widgetOf(schema)
  if (widget !== undefined) ui['ui:widget'] = widget
  if (schema.default !== undefined) ui['ui:options'] = { standard: schema.default }
  const placeholder = placeholderOf(schema)
  if (placeholder !== undefined) ui['ui:placeholder'] = placeholder
  if (schema.properties !== undefined) {
    ui['ui:order'] = [...orderOf(schema.properties), '*']
    for (const [name, property] of Object.entries(schema.properties)) {
      if (isSchema(property)) ui[name] = uiSchemaOf(property)
    }
  }
  if (isSchema(schema.items)) ui.items = uiSchemaOf(schema.items)
  if (isSchema(schema.additionalProperties))
    ui.additionalProperties = uiSchemaOf(inheritSecret(schema, schema.additionalProperties))
  for (const choice of ['oneOf', 'anyOf'] as const) {
    // The chooser shows the title of what is chosen already.
    const options = schema[choice]?.map((each) => (isSchema(each) ? uiSchemaOf(each) : {}))
    if (options !== undefined) ui[choice] = options.map((each) => ({ ...each, 'ui:label': false }))
  }
  return ui
}

/** Names of properties by `x-order`; those without one come last, as they are written. */
export function orderOf(properties: NonNullable<JsonSchema['properties']>): readonly string[] {
  const rank = (name: string) => {
    const property = properties[name]
    const order: unknown = isSchema(property) ? property['x-order'] : undefined
    return typeof order === 'number' ? order : Number.MAX_SAFE_INTEGER
  }
  return Object.keys(properties).toSorted((a, b) => rank(a) - rank(b))
}

/** True for a text that goes to the secret store. */
export function isSecret(schema: JsonSchema): boolean {
  return schema.writeOnly === true && (schema.type === 'string' || schema.type === undefined)
}

/** True for text that has several lines: a key or a certificate. */
export function isMultiline(schema: JsonSchema): boolean {
  return [schema.description, schema.pattern, ...examplesOf(schema)].some(
    (text) => typeof text === 'string' && /\bPEM\b|-----BEGIN|\n/.test(text),
  )
}

/** An object whose values are all secret says it once, of itself. */
function inheritSecret(parent: JsonSchema, child: JsonSchema): JsonSchema {
  return parent.writeOnly === true ? { ...child, writeOnly: true } : child
}

/** What is added to a list of keys and values begins empty. */
function addedSchema(schema: JsonSchema): JsonSchema {
  return schema.type === 'string' && schema.default === undefined ? { ...schema, default: '' } : schema
}

function widgetOf(schema: JsonSchema): string | undefined {
  if (isSecret(schema)) return 'secret'
  if (schema['x-upload'] !== undefined) return 'upload'
  // A constant tells a program which choice was made; a person chose it by its title.
  if (schema.const !== undefined) return 'hidden'
  if (schema.type === 'string' && schema.enum === undefined && isMultiline(schema)) return 'textarea'
  if (schema.type === 'array' && isSchema(schema.items) && isPlainText(schema.items)) return 'tags'
  return undefined
}

function isPlainText(items: JsonSchema): boolean {
  return items.type === 'string' && items.enum === undefined && items.oneOf === undefined
}

function examplesOf({ examples }: JsonSchema): readonly unknown[] {
  return Array.isArray(examples) ? examples : []
}

function placeholderOf(schema: JsonSchema): string | undefined {
  if (schema.default !== undefined && typeof schema.default !== 'object' && schema.default !== '')
    return `${schema.default} if left empty`
  const example: unknown = examplesOf(schema)[0]
  if (Array.isArray(example)) return example.map(String).join(', ')
  return typeof example === 'string' || typeof example === 'number' ? String(example) : undefined
}

function withoutLetters(schema: JsonSchema): JsonSchema {
  const { pattern: _pattern, minLength: _minLength, maxLength: _maxLength, format: _format, ...rest } = schema
  return rest
}

function mapSchemas(schemas: NonNullable<JsonSchema['properties']>): NonNullable<JsonSchema['properties']> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      isSchema(schema) ? checkedSchema(schema) : schema,
    ]),
  )
}

/** True for a schema that says something: not `true` or `false`. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
