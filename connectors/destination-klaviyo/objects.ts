/** The objects: all profiles, and every list of the account. */
import { type ConnectorContext, defineObject, type ObjectDefinition } from '@tributary/connector-sdk'
import { klaviyo } from './client.js'
import { MATCH_KEYS, profileFields } from './fields.js'
import { followImport, startImport } from './import-job.js'
import { takenOff, takeOff } from './list-members.js'
import type { KlaviyoConfig } from './spec.js'

/**
 * https://developers.klaviyo.com/en/reference/bulk_import_profiles: 10,000 profiles and 5 MB. As profiles, records grow
 * by some 60 bytes each.
 */
const BATCH = { records: 10_000, bytes: 3_800_000, expectedMs: 30_000 }

/** A list, as far as it is used. */
export interface KlaviyoList {
  readonly id: string
  readonly attributes: { readonly name?: string | null }
}

export async function discover(
  context: ConnectorContext<KlaviyoConfig>,
): Promise<readonly ObjectDefinition<KlaviyoConfig>[]> {
  const lists = await klaviyo(context).all<KlaviyoList>({
    method: 'GET',
    path: '/api/lists',
    query: { 'fields[list]': 'name', 'page[size]': '10' },
    doing: 'listing lists',
  })
  const { phone_region } = context.config
  return [profilesObject(phone_region), ...lists.map((list) => listObject(list, phone_region))]
}

function profilesObject(region: string | undefined): ObjectDefinition<KlaviyoConfig> {
  return defineObject({
    ...shared(region),
    name: 'profiles',
    title: 'Profiles',
    description: 'Profiles are created and changed, never removed. Nobody is subscribed by it.',
    operations: ['upsert'],
    write: (context, batch) => startImport(klaviyo(context), batch, undefined),
    poll: (context, batch, job) => followImport(klaviyo(context), batch, job),
  })
}

function listObject(
  { id, attributes }: KlaviyoList,
  region: string | undefined,
): ObjectDefinition<KlaviyoConfig> {
  return defineObject({
    ...shared(region),
    name: `list:${id}`,
    title: `List: ${attributes.name ?? id}`,
    description:
      'Profiles are created or changed and put on the list; removing takes them off it and keeps them. Nobody is subscribed or unsubscribed by it.',
    operations: ['upsert', 'remove'],
    write: (context, batch) =>
      batch.operation === 'remove'
        ? takeOff(klaviyo(context), id, batch, 0)
        : startImport(klaviyo(context), batch, id),
    poll: (context, batch, job) => {
      const from = takenOff(job)
      return from === undefined
        ? followImport(klaviyo(context), batch, job)
        : takeOff(klaviyo(context), id, batch, from)
    },
  })
}

const shared = (region: string | undefined) => ({
  fields: profileFields(region),
  openFields: true,
  matchKeys: MATCH_KEYS,
  batch: BATCH,
  idempotency: 'natural' as const,
  undo: 'inverse' as const,
})
