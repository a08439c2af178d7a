/** What the two mailing tools hold and were sent, against the customers and against what the product says of it. */
import type { Mailer } from '../../../examples/grocer/mailer/server.js'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import type { Customer } from '../../support/audience.js'

/** Fields by match, both as JSON: who is to be mailed. */
export type Recipients = ReadonlyMap<string, string>

/** Worked out from the customers by nothing that is on trial. */
export function expectedRecipients(customers: Iterable<Customer>): Recipients {
  return new Map(
    [...customers]
      .filter(({ city, email }) => city === 'Paris' && email !== null)
      .map(({ email, name }) => [JSON.stringify({ email }), JSON.stringify({ name })]),
  )
}

export const heldRecipients = ({ recipients }: Mailer): Recipients =>
  new Map([...recipients].map(([match, fields]) => [match, JSON.stringify(fields)]))

/** What the log says that the tool acknowledged. */
export async function acknowledgedRecipients(
  warehouse: Warehouse,
  activation: string,
  target: string,
): Promise<Recipients> {
  const rows = await selectRows<{ key: string; fields: string }>(
    warehouse,
    `SELECT key, fields FROM cdp.activation_state(activation = {activation:String}, target = {target:String}) WHERE present`,
    { activation, target },
  )
  return new Map(rows.map(({ key, fields }) => [key, fields]))
}

/** Keys that one has and the other has not, or not the same. */
export function differences(these: Recipients, without: Recipients): string[] {
  return [...these].filter(([match, fields]) => without.get(match) !== fields).map(([match]) => match)
}

/** Messages that came more than once, by run: how often too many. */
export function repeatedMessages({ taken }: Mailer, runOf: (message: string) => string): Map<string, number> {
  const repeated = new Map<string, number>()
  for (const [message, times] of taken) {
    if (times > 1) repeated.set(runOf(message), (repeated.get(runOf(message)) ?? 0) + times - 1)
  }
  return repeated
}

/** Plans that were frozen, and whose run each is of. */
export async function frozenPlans(warehouse: Warehouse): Promise<ReadonlyMap<string, string>> {
  const rows = await selectRows<{ plan: string; run: string }>(
    warehouse,
    'SELECT plan, run FROM cdp.activation_plans',
  )
  return new Map(rows.map(({ plan, run }) => [plan, run]))
}

/** The plan that a message is of: batches are named `<plan>-<batch>`. */
export const planOf = (message: string): string => message.slice(0, message.lastIndexOf('-'))
