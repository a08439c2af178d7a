/**
 * Identity as the published rules say it, word by word, with plain sets and no regard for speed: what the real one is
 * compared with.
 */
import type { Limit } from './graph.js'

export interface ReferenceInput {
  /** Type (by priority) and value of each identifier, in the order of node numbers. */
  readonly identifiers: readonly { readonly type: number; readonly value: string }[]
  readonly limits: readonly (Limit | undefined)[]
  /** `a` and `b` are places in `identifiers`. */
  readonly links: readonly { readonly a: number; readonly b: number; readonly time: number }[]
  readonly merges: readonly (readonly [number, number])[]
  readonly cuts: readonly (readonly [number, number])[]
}

export interface ReferenceResult {
  readonly profile: readonly number[]
  readonly conflicts: readonly { a: number; b: number; time: number; type: number }[]
}

export function resolveByTheBook(input: ReferenceInput): ReferenceResult {
  const { identifiers, limits } = input
  let people = identifiers.map((_, index) => new Set([index]))
  const personOf = (index: number) => people.find((person) => person.has(index))!
  const joinPeople = (a: Set<number>, b: Set<number>) => {
    people = [...people.filter((person) => person !== a && person !== b), new Set([...a, ...b])]
  }
  const firstSeen = (index: number) =>
    Math.min(...input.links.filter(({ a, b }) => a === index || b === index).map(({ time }) => time))

  for (const [a, b] of input.merges) if (personOf(a) !== personOf(b)) joinPeople(personOf(a), personOf(b))

  const conflicts: { a: number; b: number; time: number; type: number }[] = []
  for (const link of inCanonicalOrder(input)) {
    const one = personOf(link.a)
    const other = personOf(link.b)
    if (one === other) continue
    if (input.cuts.some((cut) => cut.includes(link.a) && cut.includes(link.b))) continue
    const type = limits.findIndex((limit, type) => {
      if (limit === undefined) return false
      const counted = (person: Set<number>) =>
        [...person].filter(
          (index) =>
            identifiers[index]!.type === type &&
            periodName(limit.per, firstSeen(index)) === periodName(limit.per, link.time),
        ).length
      const [ofOne, ofOther] = [counted(one), counted(other)]
      return ofOne > 0 && ofOther > 0 && ofOne + ofOther > limit.limit
    })
    if (type === -1) joinPeople(one, other)
    else conflicts.push({ ...link, type })
  }
  return { profile: identifiers.map((_, index) => Math.min(...personOf(index))), conflicts }
}

function inCanonicalOrder({ identifiers, links }: ReferenceInput) {
  const pairs = new Map<string, { a: number; b: number; time: number }>()
  for (const link of links) {
    if (link.a === link.b) continue
    const [a, b] = [link.a, link.b].sort(
      (x, y) =>
        identifiers[x]!.type - identifiers[y]!.type ||
        compareBytes(identifiers[x]!.value, identifiers[y]!.value),
    ) as [number, number]
    const known = pairs.get(`${a} ${b}`)
    pairs.set(`${a} ${b}`, { a, b, time: Math.min(link.time, known?.time ?? Number.POSITIVE_INFINITY) })
  }
  return [...pairs.values()].sort((x, y) => {
    const [xa, xb, ya, yb] = [x.a, x.b, y.a, y.b].map((index) => identifiers[index]!) as [Id, Id, Id, Id]
    return (
      x.time - y.time ||
      xa.type - ya.type ||
      xb.type - yb.type ||
      compareBytes(xa.value, ya.value) ||
      compareBytes(xb.value, yb.value)
    )
  })
}

type Id = ReferenceInput['identifiers'][number]

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The calendar period, as text that people would write. */
function periodName(per: Limit['per'], time: number): string {
  if (per === 'ever') return 'ever'
  if (!Number.isFinite(time)) return 'never'
  const date = new Date(time)
  if (per === 'year') return date.toISOString().slice(0, 4)
  if (per === 'month') return date.toISOString().slice(0, 7)
  const monday = new Date(time)
  monday.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return monday.toISOString().slice(0, 10)
}
