/**
 * Maps what is new in a stream into facts. The facts of a mapping are a function of the rows that the stream's view shows
 * and of the definitions, whatever the steps in which they came: a row that changed or vanished takes its facts with it.
 */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import { selectRow } from '../../warehouse/query.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { openStep, type StagedLoad, type StepContext, type StepTarget } from '../steps/derived-load.js'
import { checkMapping, type MappingProblem } from './check-mapping.js'
import { compareFacts, retractFacts } from './compare-facts.js'
import { gatherRows, rowsOfKeys, touchedKeys } from './gather-rows.js'
import { describeStreams, lookupDigest } from './lookups.js'
import { type MappingPlan, planMapping, ROW } from './plan-mapping.js'
import { learnPhonesOf, numberNodes, resolveRows } from './resolve-nodes.js'
import { settleMapping } from './settle-mapping.js'
import { type StreamNews, type StreamPosition, streamNews } from './stream-news.js'
import { WorkTables } from './work-tables.js'
import { addPropertyColumns, writeFacts } from './write-facts.js'

export interface MappingInput {
  readonly name: string
  readonly mapping: MappingFile
  readonly identity: IdentityFile
}

/** The definitions do not fit the stream as it is in the warehouse. */
export class MappingRefused extends Error {
  override readonly name = 'MappingRefused'

  constructor(
    readonly mapping: string,
    readonly problems: readonly MappingProblem[],
  ) {
    const lines = problems.map(({ path, message, remedy }) => `${path.join('.')}: ${message}; ${remedy}`)
    super(`mapping ${mapping}: ${lines.join(' · ')}`)
  }
}

/** What a mapping's accepted load keeps. */
export interface MappingState {
  /** Of the definitions; empty for a mapping that was dropped. */
  readonly hash: string
  readonly position?: StreamPosition
  /** Digest of what could be looked up in other streams. */
  readonly lookups?: string
}

/** The ledger's name of a mapping's facts. */
export const mappingStream = (name: string): string => `mapping/${name}`

/**
 * Stages the facts of what is new; undefined where nothing is. Mappings are staged and accepted one after the other,
 * since each numbers new nodes from the highest accepted one; attempts that died disturb nothing. Throws MappingRefused.
 */
export async function stageMapping(
  context: StepContext,
  { name, mapping, identity }: MappingInput,
): Promise<StagedLoad | undefined> {
  const { warehouse } = context
  await settleMapping(context, name)
  const current = await openStep<MappingState>(context, mappingStream(name))
  const streams = await describeStreams(warehouse, mapping)
  if (streams.stream === undefined && current.state?.position !== undefined) {
    throw new MappingRefused(name, [
      {
        path: ['stream'],
        message: `the warehouse has no ${mapping.stream} any more`,
        remedy: 'load it again, or remove the mapping and its facts with it',
      },
    ])
  }
  const waitsFor = [streams.stream, ...streams.lookups.values()].find((stream) => stream?.aside)
  if (streams.stream === undefined || waitsFor !== undefined) {
    context.progress(
      waitsFor === undefined
        ? `${mapping.stream} was not loaded yet`
        : `${waitsFor.source}.${waitsFor.stream} is being read anew`,
    )
    return undefined
  }
  const source = { mapping, identity, ...streams, stream: streams.stream }
  const problems = checkMapping(source)
  if (problems.length > 0) throw new MappingRefused(name, problems)
  const plan = planMapping(name, source)

  const rebuild = current.state !== undefined && current.state.hash !== plan.hash
  const known = rebuild ? undefined : current.state
  const lookups = await lookupDigest(warehouse, plan.lookups)
  const sameLookups = known?.lookups === lookups
  const news = await streamNews(warehouse, plan.stream, sameLookups ? known?.position : undefined)
  if (known !== undefined && news.kind === 'none') return undefined
  const step = rebuild ? await openStep<MappingState>(context, mappingStream(name), { rebuild }) : current
  return step.stage(async (target) => {
    const isFirst = step.state === undefined
    const read = await readSnapshot(warehouse)
    const rows = await mapRows(context, plan, target, { news, isFirst, accepted: read })
    return { rows, state: { hash: plan.hash, position: news.position, lookups }, read }
  })
}

async function mapRows(
  context: StepContext,
  plan: MappingPlan,
  target: StepTarget,
  {
    news,
    isFirst,
    accepted,
  }: { readonly news: StreamNews; readonly isFirst: boolean; readonly accepted: FactsSnapshot },
): Promise<number> {
  const { warehouse, signal, progress } = context
  const work = new WorkTables(warehouse, target.loadId, signal)
  try {
    await addPropertyColumns(warehouse, plan)
    const keys = news.kind === 'grew' ? touchedKeys(plan, news.loadIds, news.position.generation) : undefined
    progress(
      `reading ${news.kind === 'grew' ? 'new' : 'all'} rows of ${plan.stream.source}.${plan.stream.stream}`,
    )
    const rows = await gatherRows(work, plan, keys)
    await learnPhonesOf(work, plan, rows)
    progress('numbering identifiers')
    const nodes = await numberNodes(work, plan, rows, accepted)
    const resolved = await resolveRows(work, plan, rows, nodes)
    let among = 'true'
    if (!isFirst) {
      progress('comparing with the facts that are there')
      const looked = keys === undefined ? undefined : rowsOfKeys(plan, keys)
      const changes = await compareFacts(work, plan, { resolved, visible: accepted.facts, rows: looked })
      await retractFacts(work, plan, target, accepted.facts, changes)
      among = `${ROW} IN (SELECT row FROM ${changes} WHERE has)`
    }
    progress('writing facts')
    await writeFacts(work, plan, target, resolved, among)
    return await countFacts(context, target)
  } finally {
    await work.drop()
  }
}

async function countFacts({ warehouse }: StepContext, { loadId }: StepTarget): Promise<number> {
  const counts = ['events', 'trait_facts', 'links'].map(
    (table) => `(SELECT count() FROM cdp.${table}__rows WHERE _load_id = {loadId:UInt64})`,
  )
  const row = await selectRow<{ count: string }>(warehouse, `SELECT ${counts.join(' + ')} AS count`, {
    loadId,
  })
  return Number(row?.count ?? 0)
}

/** Stages the end of a mapping that is gone from the workspace: an empty generation; undefined where it had no facts. */
export async function dropMapping(context: StepContext, name: string): Promise<StagedLoad | undefined> {
  const { state } = await openStep<MappingState>(context, mappingStream(name))
  if (state === undefined || state.hash === '') return undefined
  const step = await openStep<MappingState>(context, mappingStream(name), { rebuild: true })
  return step.stage(async () => ({ rows: 0, state: { hash: '' } }))
}
