/** Names and values in SQL text, quoted so that nothing in them can be read as SQL: for what takes no parameters, as COPY. */

/** A table, view or other relation. */
interface Relation {
  readonly schema: string
  readonly name: string
}

/** `"name"`, quotes doubled. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `"schema"."name"`. */
export function qualified({ schema, name }: Relation): string {
  return `${identifier(schema)}.${identifier(name)}`
}

/** `'text'`, right with standard_conforming_strings on and off. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** `schema.name`, for people; a part with a dot or a quote in it is quoted, so that no two relations have one name. */
export function dotted({ schema, name }: Relation): string {
  return [schema, name].map((part) => (/[."]/.test(part) ? identifier(part) : part)).join('.')
}
