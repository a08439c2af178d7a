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
 * by being the same, by their `name`, or by having most in common; others by their place. A text that is no YAML, or whose anchors would break, is written anew.
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
  const nodes = [...list.items]
  const values = nodes.map((node) => (isNode(node) ? node.toJS(document) : node) as unknown)
  list.items = partners(values, value).map((place, index) =>
    place === undefined ? document.createNode(value[index]) : merged(document, nodes[place], value[index]),
  )
  return list
}

/**
 * The place that each part of a list had before; undefined for new ones. Each place is given once. What stayed the same is found
 * first, so that nothing that changed takes its comment.
 */
function partners(before: readonly unknown[], after: readonly unknown[]): readonly (number | undefined)[] {
  const free = new Set(before.keys())
  const places = after.map((part) => {
    const place = [...free].find((at) => isDeepStrictEqual(before[at], part))
    if (place !== undefined) free.delete(place)
    return place
  })
  for (const find of [sameName, mostInCommon, samePlace]) {
    for (const [index, part] of after.entries()) {
      if (places[index] !== undefined) continue
      const place = find(before, free, part, index)
      if (place === undefined) continue
      places[index] = place
      free.delete(place)
    }
  }
  return places
}

type FindPartner = (
  before: readonly unknown[],
  free: ReadonlySet<number>,
  part: unknown,
  index: number,
) => number | undefined

const sameName: FindPartner = (before, free, part) => {
  const name = nameOf(part)
  return name === undefined ? undefined : [...free].find((at) => nameOf(before[at]) === name)
}

const mostInCommon: FindPartner = (before, free, part) => {
  if (nameOf(part) !== undefined) return undefined
  const shared = [...free].map((at) => ({ at, count: inCommon(before[at], part) }))
  const [best] = shared.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
  return best?.at
}

const samePlace: FindPartner = (_before, free, part, index) =>
  nameOf(part) === undefined && free.has(index) ? index : undefined

const nameOf = (part: unknown): unknown => (isObject(part) ? part.name : undefined)

/** Keys that have the same value in both. */
function inCommon(one: unknown, other: unknown): number {
  if (!isObject(one) || !isObject(other)) return 0
  return Object.keys(one).filter((key) => isDeepStrictEqual(one[key], other[key])).length
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
