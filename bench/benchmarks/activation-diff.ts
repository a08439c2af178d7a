/** What an activation's plan takes: the comparison of a million records with what was acknowledged, and the whole plan. */
import type { ActivationFile } from '@tributary/schemas'
import { keepCandidates } from '../../activation/plan/candidates.js'
import { countDiff, keepDiff } from '../../activation/plan/diff.js'
import { personMapper } from '../../activation/plan/map-person.js'
import { parseMapping } from '../../activation/plan/mapping.js'
import { keepMembers } from '../../activation/plan/members.js'
import { planOfMode } from '../../activation/plan/modes.js'
import { PlanScratch } from '../../activation/plan/scratch.js'
import { stagePlan } from '../../activation/plan/stage-plan.js'
import { targetOf } from '../../activation/target.js'
import type { AnyObject, PlanContext, PlanInput } from '../../activation/types.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure, totalCpu, type Usage } from '../measure/processes.js'
import { rounded } from '../measure/statistics.js'
import { againstSeconds } from '../support/figures.js'
import { changeHundredth, makeMembers, SEGMENT } from '../support/members-data.js'
import { withParts } from '../support/parts.js'
import { settle, startWarehouse } from '../support/people-data.js'

const MEMBERS = 1_000_000

const DEFINITION: ActivationFile = {
  segment: SEGMENT,
  destination: 'hook',
  object: 'member',
  mode: 'mirror',
  match: { email: 'identifiers.email' },
  fields: { first_name: 'traits.first_name', ltv: 'traits.ltv', origin: { constant: 'tributary' } },
}

const OBJECT: AnyObject = {
  name: 'member',
  operations: ['upsert', 'remove'],
  fields: { email: { type: 'string' }, ltv: { type: 'number' } },
  openFields: true,
  batch: { records: 1000 },
  idempotency: 'keyed',
  undo: 'inverse',
  write: () => Promise.reject(new Error('this benchmark sends nothing')),
}

const INPUT: PlanInput = {
  activation: 'bench',
  definition: DEFINITION,
  segmentName: 'Everybody',
  object: OBJECT,
  connector: 'destination-webhook',
  revision: 'bench',
  run: 'bench',
}

export const activationDiff: Benchmark = {
  name: 'activation-diff',
  claim:
    '1 million members of whom 1 % changed are compared with what was acknowledged in less than 2 s; the details have the whole plan',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const { warehouse, pid } = await start(startWarehouse(`${folder}/data`))
      const members = options.rows ?? MEMBERS
      const context: PlanContext = {
        warehouse,
        signal: new AbortController().signal,
        progress: () => undefined,
      }
      const timed = async (what: string, work: () => Promise<unknown>): Promise<Usage> => {
        const { usage } = await measure({ bench: process.pid, clickhouse: pid }, work)
        options.log(
          `${what}: ${usage.seconds} s, CPU ${totalCpu(usage)} s, others ${usage.othersCpuSeconds} s`,
        )
        return usage
      }
      options.log(`making ${members} members`)
      await makeMembers(warehouse, members)
      await settle(warehouse)
      const first = await timed('plan of all as adds', () =>
        planAndAcknowledge(context, members, { adds: members }),
      )
      await changeHundredth(warehouse, members, 1)
      await settle(warehouse)

      const scratch = await PlanScratch.open(context)
      const changed = Math.ceil(members / 100)
      let candidates = ''
      const mapping = await timed('reading and mapping', async () => {
        const parsed = parseMapping(DEFINITION)
        const of = await keepMembers(scratch, SEGMENT, [])
        const kept = await keepCandidates(
          context,
          scratch,
          of,
          parsed.needs,
          personMapper(INPUT, OBJECT, parsed),
        )
        candidates = kept.table
      })
      const state = { activation: INPUT.activation, target: targetOf(DEFINITION) }
      await keepBare(warehouse, scratch, candidates, state)
      await settle(warehouse)
      const turns = await inTurn(
        options.runs,
        () =>
          timed('comparison', async () => {
            await scratch.run(`DROP TABLE IF EXISTS ${scratch.table('diff')} SYNC`)
            const table = await keepDiff(scratch, candidates, state, planOfMode('mirror', OBJECT.operations))
            const { changes } = await countDiff(scratch, table)
            if (changes !== changed) throw new Error(`comparing: ${changes} changes where ${changed} are`)
          }),
        () => timed('bare join', () => joinBare(warehouse, scratch)),
      )
      await scratch.drop()
      const second = await timed('plan of 1 %', () =>
        planAndAcknowledge(context, members, { changes: changed }),
      )
      return againstSeconds('a join of two bare tables of the same keys and values, counted', turns, {
        members,
        membersPerSecond: Math.round(members / mapping.seconds),
        planOfAllSeconds: rounded(first.seconds),
        planOfHundredthSeconds: rounded(second.seconds),
      })
    })
  },
}

async function planAndAcknowledge(
  context: PlanContext,
  members: number,
  expected: { readonly adds?: number; readonly changes?: number },
): Promise<void> {
  const { plan, counts } = await stagePlan(context, INPUT)
  const { adds = 0, changes = 0 } = expected
  if (counts.members !== members || counts.adds !== adds || counts.changes !== changes)
    throw new Error(`planning: ${JSON.stringify(counts)} where ${JSON.stringify(expected)} is expected`)
  await context.warehouse.command({
    query: `INSERT INTO cdp.activation_log (activation, target, key, change, operation, fields, before, profile, outcome, run, plan, version, batch)
      SELECT activation, target, key, change, operation, fields, before, profile, 'acknowledged', 'bench', plan,
        (SELECT max(version) FROM cdp.activation_plans), batch
      FROM cdp.activation_plan_records WHERE plan = {plan:String}`,
    query_params: { plan },
  })
}

/** Both sides as tables of key and fields alone. */
async function keepBare(
  warehouse: Warehouse,
  scratch: PlanScratch,
  candidates: string,
  state: { readonly activation: string; readonly target: string },
): Promise<void> {
  const [wanted, had] = [scratch.table('bare_wanted'), scratch.table('bare_had')]
  for (const table of [wanted, had])
    await warehouse.command({
      query: `CREATE TABLE ${table} (key String, fields String) ENGINE = MergeTree ORDER BY key`,
    })
  await warehouse.command({ query: `INSERT INTO ${wanted} SELECT key, fields FROM ${candidates}` })
  await warehouse.command({
    query: `INSERT INTO ${had} SELECT key, fields
      FROM cdp.activation_state(activation = {activation:String}, target = {target:String})`,
    query_params: state,
  })
}

async function joinBare(warehouse: Warehouse, scratch: PlanScratch): Promise<void> {
  await selectRow(
    warehouse,
    `SELECT countIf(wanted.fields != had.fields) AS changes FROM ${scratch.table('bare_wanted')} AS wanted
     FULL JOIN ${scratch.table('bare_had')} AS had ON wanted.key = had.key`,
  )
}
