/** How long somebody waits who edits a segment: previews of different definitions against the queries by hand. */
import { previewSegment } from '../../profiles/segments/preview.js'
import { stageSegments } from '../../profiles/segments/refresh/stage-segments.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { percentile, rounded } from '../measure/statistics.js'
import { againstSeconds } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { accept, benchStep, NOW, startPeople } from '../support/people-data.js'
import { BENCH_SEGMENTS, type BenchSegment } from './segment-definitions.js'

const EVENTS = 10_000_000
const EVENTS_PER_PERSON = 50
const ZONE = { timeZone: 'UTC' }
/** Every fifth definition: some of each kind. */
const ASKED = BENCH_SEGMENTS.filter((_, index) => index % 5 === 0)

export const segmentPreview: Benchmark = {
  name: 'segment-preview',
  claim:
    'half of all previews take less than 500 ms with 1 million profiles and 50 million events (--rows 50000000); the default is a fifth of it',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const events = options.rows ?? EVENTS
      const size = { events, people: Math.ceil(events / EVENTS_PER_PERSON) }
      const { warehouse, pid } = await start(startPeople(folder, size, options.log))
      const published = await stageSegments(benchStep(warehouse), { ...ZONE, segments: [] })
      if (published.staged) await accept(warehouse, published.staged)
      const timed = (work: () => Promise<unknown>) =>
        measure({ bench: process.pid, clickhouse: pid }, work).then(({ usage }) => usage)
      const next = (count = 0) => {
        return () => ASKED[count++ % ASKED.length]!
      }
      const [asked, askedByHand] = [next(), next()]
      const preview = ({ id, definition }: BenchSegment) =>
        previewSegment(warehouse, { id, definition, segment: definitionOf, now: NOW, ...ZONE })
      const turns = await inTurn(
        options.runs * ASKED.length,
        () => timed(() => preview(asked())),
        () =>
          timed(() =>
            selectRow(warehouse, `SELECT groupBitmap(id) AS members FROM (${askedByHand().byHand})`),
          ),
      )
      const seconds = turns.map(({ subject }) => subject.seconds)
      return againstSeconds('the queries by hand, of the bare tables, without a sample of members', turns, {
        ...size,
        definitions: ASKED.length,
        p95: rounded(percentile(seconds, 0.95)),
      })
    })
  },
}

const definitionOf = (id: string) => BENCH_SEGMENTS.find((segment) => segment.id === id)?.definition
