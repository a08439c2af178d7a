/** CSV with a header, as the grocer's systems write it: commas, doubled quotation marks, no line breaks within a field. Pure. */

/** Rows by the header's names; an empty field is empty text. */
export function readCsv(text: string): Readonly<Record<string, string>>[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/)
  const names = fieldsOf(header ?? '')
  return lines.map((line) => {
    const fields = fieldsOf(line)
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']))
  })
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
