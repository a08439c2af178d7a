/** For the tests: records with all kinds of values. */
import type { DestinationRecord } from '@tributary/connector-sdk'
import type { ObjectCase } from '@tributary/connector-sdk/testing'

export function sample(n: number): DestinationRecord {
  return {
    match: { email: `zoë${n}@example.com` },
    fields: {
      name: `Zoë "${n}", the\n${n}th 😀`,
      orders: n,
      ratio: n + 0.25,
      vip: n % 2 === 0,
      tags: ['a', `tag ${n}`],
      joined: '2026-01-31',
      note: '',
    },
  }
}

/** The object as the conformance suite wants it. */
export const FILE_CASE: ObjectCase = {
  name: 'file',
  operations: ['upsert', 'remove', 'append', 'replace'],
  sample,
  freeText: ['name'],
}
