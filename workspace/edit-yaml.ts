/**
 * Writes a value into a YAML text: what a form edits changes, and everything else stays as an engineer wrote it, with its
 * comments and its order.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { parseYaml } from './document.js'

/** Long texts stay on one line, as they were. */
const FORMAT = { lineWidth: 0 } as const

/**
 * The text with this value instead of its own; byte for byte the same where it has it already. Parts of lists are known
 * by their `name`, others by their place. A text that is no YAML, or whose anchors would break, is written anew.
 */
export function editYaml(text: string, value: unknown): string {
  const current = readValue(text)
  if (current === undefined) return stringify(value, FORMAT)
  if (isDeepStrictEqual(current.value, value)) return text
  const document = parseDocument(text, { version: '1.2', keepSourceTokens: false })
  if (hasAliases(document)) return stringify(value, FORMAT)
  document.contents = merged(document, document.contents, value) as typeof document.contents
  const edited = document.toString(FORMAT)
  const check = readValue(edited)
  return check && isDeepStrictEqual(check.value, value) ? edited : stringify(value, FORMAT)
}

function readValue(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseYaml(text) }
  } catch {
    return undefined
  }
}

function hasAliases(document: Document): boolean {
  let found = false
  visit(document, {
    Alias() {
      found = true
      return visit.BREAK
    },
  })
  return found
}

/** The node with the value: itself, changed where it differs, or a new one. */
function merged(document: Document, node: unknown, value: unknown): unknown {
  if (isNode(node) && !isAlias(node) && isDeepStrictEqual(node.toJS(document), value)) return node
  if (isMap(node) && isObject(value)) return mergeMap(document, node, value)
  if (isSeq(node) && Array.isArray(value)) return mergeList(document, node, value)
  const created = document.createNode(value)
  if (isScalar(node) && isScalar(created)) {
    // The comment beside a value speaks of the key, and the way of quoting is the author's.
    node.value = created.value
    delete node.source
    return node
  }
  return created
}

function mergeMap(document: Document, map: YAMLMap, value: Readonly<Record<string, unknown>>): YAMLMap {
  const keyOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : key)
  map.items = map.items.filter((pair) => Object.hasOwn(value, keyOf(pair) as string))
  const known = new Map(map.items.map((pair) => [keyOf(pair), pair]))
  for (const [key, part] of Object.entries(value)) {
    const pair = known.get(key)
    if (pair) pair.value = merged(document, pair.value, part)
    else map.items.push(document.createPair(key, part))
  }
  return map
}

function mergeList(document: Document, list: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const before = [...list.items]
  const names = before.map((item) => (isMap(item) ? item.get('name') : undefined))
  list.items = value.map((part, index) => {
    const name = isObject(part) ? part.name : undefined
    const place = name === undefined ? index : names.indexOf(name)
    const found = before[place]
    if (found === undefined) return document.createNode(part)
    // Each is used once: a second part of the same name is a new one.
    before[place] = undefined
    return merged(document, found, part)
  })
  return list
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
