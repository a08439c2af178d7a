/** Compares people, segments and the membership log with those that were computed from the files. Pure. */
import type { ExpectedPeople } from '../../examples/grocer/people/expected-people.js'
import { formatCount } from '../format.js'
import type { Check } from './checks.js'
import type { FoundPeople, MembershipChange } from './people.js'

type Names = ReadonlySet<string>

/** Members by segment, the draw of `winback` included: who is in it hangs on the ids that people were given. */
export function expectedSegments(
  { segments, winbackCandidates }: ExpectedPeople,
  { drawn }: Pick<FoundPeople, 'drawn'>,
): ReadonlyMap<string, Names> {
  const winback = new Set([...winbackCandidates].filter((name) => drawn.has(name)))
  return new Map([...Object.entries(segments), ['winback', winback] as const])
}

/** Everybody, and one check a segment: exactly these members. */
export function peopleChecks(when: string, found: FoundPeople, expected: ExpectedPeople): readonly Check[] {
  const wanted = expectedSegments(expected, found)
  const ids = [...new Set([...wanted.keys(), ...found.segments.keys()])].sort()
  return [
    sameNames(`people: ${when}`, found.people, expected.people, 'profiles'),
    ...ids.map((id) =>
      sameNames(
        `segments: ${id} ${when}`,
        found.segments.get(id) ?? NOBODY,
        wanted.get(id) ?? NOBODY,
        'members',
      ),
    ),
  ]
}

/** The log since a version is the difference of what was expected then and now, one check a segment. */
export function logChecks(
  changes: readonly MembershipChange[],
  before: ReadonlyMap<string, Names>,
  after: ReadonlyMap<string, Names>,
): readonly Check[] {
  return [...after].map(([id, members]) => {
    const then = before.get(id) ?? NOBODY
    const logged = (change: MembershipChange['change']): Names =>
      new Set(changes.filter((row) => row.segment === id && row.change === change).map(({ name }) => name))
    const entered = sameNames('', logged('entered'), without(members, then), 'entered')
    const left = sameNames('', logged('left'), without(then, members), 'left')
    return {
      name: `membership log: ${id}`,
      ok: entered.ok && left.ok,
      detail: `${entered.detail}, ${left.detail}`,
    }
  })
}

const NOBODY: Names = new Set()
const without = (names: Names, others: Names): Names =>
  new Set([...names].filter((name) => !others.has(name)))

/** Of wrong ones a few are named. */
const NAMED = 5

function sameNames(name: string, found: Names, wanted: Names, words: string): Check {
  const missing = [...without(wanted, found)]
  const wrong = [...without(found, wanted)]
  const ok = missing.length === 0 && wrong.length === 0
  const list = (title: string, names: readonly string[]) =>
    names.length === 0
      ? ''
      : `; ${title} ${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`
  return {
    name,
    ok,
    detail: ok
      ? `${formatCount(found.size)} ${words}`
      : `${formatCount(found.size)} ${words} instead of ${formatCount(wanted.size)}${list('missing', missing)}${list('too many', wrong)}`,
  }
}
