/** A morning passes: rows change, appear and disappear in all three systems, and the next sync loads those and no others. */
import type { GrocerChanges } from '../../examples/grocer/expected.js'
import { expectedStreams } from '../../examples/grocer/expected.js'
import { changeLoyalty } from '../../examples/grocer/loyalty-api/change.js'
import { changeShop } from '../../examples/grocer/shop/change.js'
import { deliverLastWeek, LAST_WEEK } from '../../examples/grocer/workspace-copy.js'
import { startSync } from '../../operations/sync.js'
import { formatCount } from '../format.js'
import { type Check, checkStreams } from './checks.js'
import { SOURCES } from './first-sync.js'
import { follow } from './follow.js'
import { loadOf, type SourceLoad } from './loads.js'
import { selectRows } from './rows.js'
import type { Stage } from './stage.js'
import { allSucceeded, type StepResult } from './step.js'

export type MadeChanges = Required<GrocerChanges>

export async function syncChanges(stage: Stage): Promise<StepResult & { readonly changes: MadeChanges }> {
  const { progress, systems, seed } = stage
  progress.step('A morning passes: rows change in the shop, members leave, the tills deliver a week')
  const changes: MadeChanges = {
    shop: await changeShop(systems.shop, seed),
    loyalty: changeLoyalty(systems.loyalty, systems.loyaltyData, seed),
    lastWeekDelivered: true,
  }
  await deliverLastWeek(stage.workspaceDir, stage.dataDirectory)
  progress.step('Syncing what changed')
  const reports = await Promise.all(
    SOURCES.map(async (source) => follow(stage, await startSync(stage.context, source))),
  )
  const loads = reports.map((report) => loadOf('changes', report))
  const expected = expectedStreams(stage.manifest, changes)
  return {
    changes,
    loads,
    checks: [
      allSucceeded('second sync', reports),
      ...onlyChanges(loads, changedRows(stage, changes)),
      ...(await checkStreams(stage, 'second sync', expected)),
      ...(await checkRows(stage, changes)),
    ],
  }
}

/** Rows that differ from the first sync, by incremental stream. */
function changedRows(stage: Stage, { shop, loyalty }: MadeChanges): Readonly<Record<string, number>> {
  return {
    'till.transactions_archive': 0,
    'till.transactions': stage.manifest[LAST_WEEK]!.rows,
    'shop.public.households': shop.householdsUpdated.length + shop.householdsAdded.length,
    'shop.public.coupon_redemptions': shop.redemptionsUpdated.length + shop.redemptionsAdded.length,
    'loyalty.members': loyalty.updated.length + loyalty.left.length,
    'loyalty.points': loyalty.entriesAdded.length,
  }
}

function onlyChanges(
  loads: readonly SourceLoad[],
  changed: Readonly<Record<string, number>>,
): readonly Check[] {
  return loads.flatMap(({ source, streams }) =>
    streams
      .filter(({ name }) => `${source}.${name}` in changed)
      .map(({ name, rows }) => {
        const wanted = changed[`${source}.${name}`]!
        return {
          name: `only changes loaded: ${source}.${name}`,
          ok: rows === wanted,
          detail: `${formatCount(rows)} rows loaded, ${formatCount(wanted)} changed`,
        }
      }),
  )
}

/** Single rows: what was changed is seen, what was deleted is gone. */
async function checkRows(stage: Stage, { shop, loyalty }: MadeChanges): Promise<readonly Check[]> {
  const list = (values: readonly (string | number)[]) => values.map((value) => `'${value}'`).join(', ')
  const count = async (sql: string) => Number((await selectRows<{ n: string }>(stage, sql))[0]!.n)
  const moved = await count(
    `SELECT count() AS n FROM shop.\`public.households\`
     WHERE toString(household_id) IN (${list(shop.householdsUpdated)}) AND home_ownership = 'Homeowner'`,
  )
  const gold = await count(
    `SELECT count() AS n FROM loyalty.members
     WHERE member_id IN (${list(loyalty.updated)}) AND tier = 'gold' AND NOT marketing_consent`,
  )
  const left = await count(
    `SELECT count() AS n FROM loyalty.members WHERE member_id IN (${list(loyalty.left)})`,
  )
  return [
    equal('updates are visible: shop.public.households', moved, shop.householdsUpdated.length, 'moved'),
    equal('updates are visible: loyalty.members', gold, loyalty.updated.length, 'turned gold'),
    equal('deletes are visible: loyalty.members', left, 0, `of ${loyalty.left.length} who left are there`),
  ]
}

function equal(name: string, found: number, wanted: number, words: string): Check {
  return {
    name,
    ok: found === wanted,
    detail: `${found} ${words}${found === wanted ? '' : `, not ${wanted}`}`,
  }
}
