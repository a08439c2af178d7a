/**
 * The custom audiences of an ad account that take members: those made from a customer list.
 * https://developers.facebook.com/docs/graph-api/reference/ad-account/customaudiences/
 */
import {
  type ConnectorContext,
  ConnectorError,
  defineObject,
  type ObjectDefinition,
} from '@tributary/connector-sdk'
import { fieldsOf, MATCH_KEYS } from './columns.js'
import { accountPath, openGraph } from './graph.js'
import { finishReplacement, replaceUsers } from './replace.js'
import type { MetaAudiencesConfig } from './spec.js'
import { addUsers, removeUsers } from './users.js'

/** An account has 500 customer lists at most. */
const PAGE = '100'
const MOST_MEMBERS = 10_000

interface AudienceNode {
  readonly id: string
  readonly name: string
  readonly isValueBased: boolean
}

/** An object for each audience. Its name is the audience's id, which stays when people rename it. */
export async function discoverAudiences(
  context: ConnectorContext<MetaAudiencesConfig>,
): Promise<ObjectDefinition<MetaAudiencesConfig>[]> {
  const graph = openGraph(context)
  const action = 'listing custom audiences'
  const path = `${accountPath(context.config)}/customaudiences`
  const found: ObjectDefinition<MetaAudiencesConfig>[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const query = { fields: 'id,name,subtype,is_value_based', limit: PAGE, ...(after !== '' && { after }) }
    const page = await graph.get(action, path, query)
    if (!Array.isArray(page.data)) {
      throw new ConnectorError(
        'SchemaIncompatible',
        `${action}: Meta's answer has no list; check api_version`,
      )
    }
    found.push(...page.data.flatMap(audienceOf).map((audience) => audienceObject(context.config, audience)))
    after = nextCursor(page.paging)
  }
  return found
}

function audienceOf(node: unknown): AudienceNode[] {
  const { id, name, subtype, is_value_based } = (node ?? {}) as Record<string, unknown>
  if (typeof id !== 'string' || !/^\d+$/.test(id) || subtype !== 'CUSTOM') return []
  return [{ id, name: typeof name === 'string' ? name : id, isValueBased: is_value_based === true }]
}

/** The cursor of the next page. Cursors stand on the last page too; only `next` tells that there is more. */
function nextCursor(paging: unknown): string | undefined {
  const { next, cursors } = (paging ?? {}) as { next?: unknown; cursors?: { after?: unknown } }
  const after = cursors?.after
  return typeof next === 'string' && typeof after === 'string' && after !== '' ? after : undefined
}

function audienceObject(
  config: MetaAudiencesConfig,
  { id, name, isValueBased }: AudienceNode,
): ObjectDefinition<MetaAudiencesConfig> {
  return defineObject<MetaAudiencesConfig>({
    name: id,
    title: name,
    description: 'Custom audience from a customer list',
    // What was made with values of customers can be replaced with such only.
    operations: isValueBased ? ['upsert', 'remove'] : ['upsert', 'remove', 'replace'],
    fields: fieldsOf(config),
    matchKeys: MATCH_KEYS,
    batch: { records: MOST_MEMBERS, expectedMs: 2000 },
    idempotency: 'natural',
    undo: 'inverse',
    async write(context, batch) {
      const writers = { upsert: addUsers, remove: removeUsers, replace: replaceUsers }
      if (batch.operation === 'append') {
        throw new ConnectorError(
          'ContractViolation',
          `writing audience ${id}: it has no append; report it to the connector's author`,
        )
      }
      return { results: await writers[batch.operation](context, id, batch) }
    },
    async finish(context, run) {
      if (run.operation === 'replace') await finishReplacement(context, id, run)
    },
  })
}
