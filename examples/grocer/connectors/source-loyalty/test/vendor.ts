/** The loyalty API's shapes on a fault server: a token endpoint and two listings by cursor. */
import { createFaultServer, type FaultServer, type Route } from '@tributary/connector-sdk/testing'

export const CLIENT = { id: 'tributary', secret: 'correct-horse-battery' }
const TOKEN = 'a-token-of-the-loyalty-api'

export interface VendorRecord {
  readonly updated_at: string
  readonly [field: string]: unknown
}

export interface VendorOptions {
  readonly members: readonly VendorRecord[]
  readonly points: readonly VendorRecord[]
  /** Records a page. @default 4 */
  readonly pageSize?: number
}

/** Serves the records, which may be replaced while it runs. */
export function startVendor(options: VendorOptions): Promise<FaultServer> {
  const guarded =
    (route: Route): Route =>
    (request) =>
      request.headers.authorization === `Bearer ${TOKEN}` ? route(request) : { status: 401, body: {} }
  const listing = (records: () => readonly VendorRecord[], key: string): Route =>
    guarded(({ query }) => {
      const since = query.get('updated_since') ?? ''
      const before = query.get('updated_before') ?? '9'
      const after = query.get('cursor') ?? ''
      const place = (record: VendorRecord): string => `${record.updated_at} ${String(record[key])}`
      const rest = records()
        .filter((record) => record.updated_at >= since && record.updated_at < before && place(record) > after)
        .sort((a, b) => (place(a) < place(b) ? -1 : 1))
      const data = rest.slice(0, options.pageSize ?? 4)
      const last = data.at(-1)
      return {
        body: { data, next_cursor: last !== undefined && rest.length > data.length ? place(last) : null },
      }
    })
  return createFaultServer({
    'POST /oauth/token': ({ body }) => {
      const form = new URLSearchParams(body)
      return form.get('client_id') === CLIENT.id && form.get('client_secret') === CLIENT.secret
        ? { body: { access_token: TOKEN, token_type: 'Bearer', expires_in: 300 } }
        : { status: 401, body: { error: 'invalid_client' } }
    },
    '/v1/me': guarded(() => ({ body: { client_id: CLIENT.id, programme: 'grocer' } })),
    '/v1/members': listing(() => options.members, 'member_id'),
    '/v1/points': listing(() => options.points, 'entry_id'),
  })
}

export function member(id: string, updatedAt: string, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    member_id: id,
    household_id: 7,
    card_number: '2900000000704',
    first_name: 'Zoë',
    email: 'zoe.h7.1@example.com',
    phone: null,
    marketing_consent: true,
    tier: 'blue',
    joined_at: '2017-01-07T18:55:24.000Z',
    updated_at: updatedAt,
    ...fields,
  }
}

export function entry(id: string, updatedAt: string, points = 5) {
  return {
    entry_id: id,
    member_id: 'M00007-1',
    basket_id: 31198570044,
    points,
    occurred_at: '2017-07-01T09:12:00.000Z',
    updated_at: updatedAt,
  }
}
