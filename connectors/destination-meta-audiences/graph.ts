/** Meta's Graph API: credentials, addresses, and answers that are errors. */
import { createHmac } from 'node:crypto'
import type { Auth, ConnectorContext, HttpRequest } from '@tributary/connector-sdk'
import { graphError } from './errors.js'
import type { MetaAudiencesConfig } from './spec.js'

export interface Graph {
  /** Reads a node or an edge: `act_1/customaudiences`. @param action what errors say was being done */
  get(action: string, path: string, query: Readonly<Record<string, string>>): Promise<Record<string, unknown>>
  /**
   * Sends a form; objects in it go as JSON.
   * @param repeatable whether it is sent again at once when nobody knows if it arrived
   */
  send(
    action: string,
    method: 'POST' | 'DELETE',
    path: string,
    form: Readonly<Record<string, object>>,
    repeatable?: boolean,
  ): Promise<Record<string, unknown>>
}

/** Meta takes in 10,000 members before it answers. */
const TIMEOUT_MS = 120_000

/** The API under a config. @throws ConnectorError from each call */
export function openGraph({
  config,
  http,
}: Pick<ConnectorContext<MetaAudiencesConfig>, 'config' | 'http'>): Graph {
  const { base_url = 'https://graph.facebook.com', api_version = 'v25.0' } = config
  const client = http({
    baseUrl: `${base_url.replace(/\/$/, '')}/${api_version}`,
    auth: graphAuth(config),
    timeoutMs: TIMEOUT_MS,
  })
  const request = async (action: string, given: HttpRequest): Promise<Record<string, unknown>> => {
    // What 4xx mean only the body says; of 5xx the client tries again.
    const { status, headers, data } = await client.request<unknown>({
      ...given,
      validateStatus: (code) => code < 500,
    })
    const body = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
    if (status >= 300 || body.error !== undefined) {
      throw graphError(action, { status, headers: headers as Record<string, unknown>, body })
    }
    return body
  }
  return {
    get: (action, path, query) => request(action, { url: path, params: query }),
    send: (action, method, path, form, repeatable = true) =>
      request(action, {
        method,
        url: path,
        data: new URLSearchParams(
          Object.entries(form).map(([name, part]): [string, string] => [name, JSON.stringify(part)]),
        ),
        idempotent: repeatable,
      }),
  }
}

/** The number of an ad account as paths name it. */
export const accountPath = ({ ad_account_id: id }: MetaAudiencesConfig): string =>
  id.startsWith('act_') ? id : `act_${id}`

/**
 * The token and the proof to know the app's secret, as parameters: in the body where there is one, so that they stand in no address.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests#appsecret_proof
 */
function graphAuth({ access_token, app_secret }: MetaAudiencesConfig): Auth {
  const credentials = {
    access_token,
    ...(app_secret !== undefined && {
      appsecret_proof: createHmac('sha256', app_secret).update(access_token).digest('hex'),
    }),
  }
  return {
    apply: async (request) =>
      request.data instanceof URLSearchParams
        ? { ...request, data: new URLSearchParams([...request.data, ...Object.entries(credentials)]) }
        : { ...request, params: { ...(request.params as object | undefined), ...credentials } },
  }
}
