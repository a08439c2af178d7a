/** Who fulfils a definition, as one expression over the facts as they are now: what a preview asks, and whoever wants it can read. */
import type { SegmentFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { compileSegment } from './compile/compile.js'
import { allSources, readPropertyKinds } from './compile/sources.js'
import type { CompiledSegment } from './compile/types.js'
import { publishedAt } from './refresh/published.js'
import { EVERYONE } from './refresh/sources.js'

export interface MembersQuestion {
  /** The segment's id, also of one that is not saved yet: the default seed of random shares. */
  readonly id: string
  readonly definition: SegmentFile
  /** Definitions of the segments that it names, and so on. */
  segment(id: string): SegmentFile | undefined
  readonly now: Date
  /** Zone of definitions that name none. */
  readonly timeZone: string
}

/**
 * SQL of a bitmap of profiles. Everyone is whom the newest refresh knew; without one they are counted from the facts.
 * @param facts @default as they are now
 * @throws Error when the definition is one that `checkSegments` refuses
 */
export async function membersSql(
  warehouse: Warehouse,
  question: MembersQuestion,
  facts?: FactsSnapshot,
): Promise<string> {
  const [snapshot, propertyKinds, everyone] = await Promise.all([
    facts ?? readSnapshot(warehouse),
    readPropertyKinds(warehouse),
    publishedAt(warehouse, EVERYONE),
  ])
  const options = { now: question.now, timeZone: question.timeZone, propertyKinds }
  const sources = allSources(snapshot)
  const bitmap = (sql: string) => `(SELECT groupBitmapState(profile) FROM (${sql}))`
  const known = everyone
    ? `(SELECT members FROM ${everyone.members})`
    : bitmap(`SELECT profile FROM ${sources.everyone}`)
  const membersOf = (compiled: CompiledSegment): string =>
    compiled.members({
      leaf: (hash) => bitmap(compiled.leaves.find((leaf) => leaf.hash === hash)!.sql(sources)),
      segment: (id) => {
        const definition = question.segment(id)
        if (!definition) throw new Error(`compiling segment ${question.id}: there is no segment ${id}`)
        return membersOf(compileSegment(id, definition, options))
      },
      everyone: known,
    })
  return membersOf(compileSegment(question.id, question.definition, options))
}
