/** Names and values in SQL text, quoted so that nothing in them can be read as SQL: what takes no parameters. */

/** `"name"`, quotes doubled. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `"schema"."name"`. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${identifier(schema)}.${identifier(name)}`
}

/** `'text'`, right with standard_conforming_strings on and off. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** `schema.name`; a part with a dot or a quote in it is quoted, so that no two tables share an object's name. */
export function objectName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return [schema, name].map((part) => (/[."]/.test(part) ? identifier(part) : part)).join('.')
}
