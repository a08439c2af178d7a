/** A definition as YAML, for whoever wants to see what a form says: every text that YAML could read otherwise is quoted. */
/** Block style, with short conditions on one line. Ends with a line break. */
export function toYaml(value: object): string {
  return `${blockMap(value as JsonObject, '')}\n`
}

type JsonObject = Readonly<Record<string, unknown>>

/** Characters that fit on one line. */
const WIDTH = 96

function block(value: unknown, indent: string): string {
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : blockMap(value, indent)
  if (Array.isArray(value)) {
    return value.length === 0
      ? '[]'
      : value.map((each: unknown) => `${indent}- ${fitting(each, `${indent}  `).trimStart()}`).join('\n')
  }
  return flow(value)
}

function blockMap(value: JsonObject, indent: string): string {
  return Object.entries(value)
    .map(([key, each]) => {
      const text = fitting(each, `${indent}  `)
      return `${indent}${flow(key)}:${text.startsWith(`${indent}  `) ? '\n' : ' '}${text}`
    })
    .join('\n')
}

function fitting(value: unknown, indent: string): string {
  const line = flow(value)
  const isSmall = indent.length + line.length <= WIDTH && depthOf(value) <= 2
  return isSmall || typeof value !== 'object' || value === null ? line : block(value, indent)
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, each]) => `${flow(key)}: ${flow(each)}`)
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
  }
  return typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value)
}

/** Texts that no YAML reads as anything else: words, with what no version has a meaning for. */
function isPlain(text: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_ ./-]*$/.test(text) &&
    !text.endsWith(' ') &&
    !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
  )
}

function depthOf(value: unknown): number {
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : undefined
  return parts === undefined ? 0 : 1 + Math.max(0, ...parts.map(depthOf))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
