/**
 * A stand-in for Meta's Marketing API: custom audiences of one ad account, with the shapes, limits and errors of its
 * documentation (v25.0). Each part names its pages. What they leave open is said where it is decided.
 */
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '@tributary/connector-sdk/testing'
import { type Audience, changeUsers, createAudience, replaceUsers, statusOf } from './audience.js'
import { graphError, type Parameters, parametersOf, refused } from './graph.js'
import { readUpload } from './uploads.js'

export interface MetaServer extends FaultServer {
  readonly audiences: Map<string, Audience>
  /** Milliseconds that the clock of the server is ahead. */
  aheadMs: number
  /** Whether the ad account accepted the terms of custom audiences. */
  termsAccepted: boolean
  addAudience(id: string, about?: Partial<Audience>): Audience
}

export interface MetaServerOptions {
  readonly token: string
  readonly account: string
  /** Set: every call must prove to know it. */
  readonly appSecret?: string
  /** The least version that is not deprecated. @default 22 */
  readonly oldestVersion?: number
}

export async function createMetaServer(options: MetaServerOptions): Promise<MetaServer> {
  const { token, account, appSecret, oldestVersion = 22 } = options
  const audiences = new Map<string, Audience>()

  const answer = (request: FaultRequest): FaultResponse => {
    const [, version = '', node = '', edge] = request.path.split('/')
    const parameters = parametersOf(request)
    const refusal = refused(parameters, token, appSecret)
    if (refusal) return refusal
    const [, major] = /^v(\d+)\.\d+$/.exec(version) ?? []
    if (major === undefined || Number(major) < oldestVersion) return graphError({ code: 2635 })
    if (node === `act_${account}`) {
      if (edge === undefined) return accountNode(parameters)
      return edge === 'customaudiences' ? listAudiences(parameters) : graphError({ code: 2500 })
    }
    const audience = audiences.get(node)
    if (!audience) return graphError({ code: 100, subcode: 33 })
    return answerAudience(audience, edge, request, parameters)
  }

  const server = await createFaultServer({ '*': answer })
  const now = (): number => Date.now() + meta.aheadMs

  /** https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/reference/custom-audience-terms-of-service */
  const accountNode = ({ fields }: Parameters): FaultResponse => ({
    body: {
      ...(String(fields).includes('tos_accepted') &&
        meta.termsAccepted && { tos_accepted: { custom_audience_tos: 1 } }),
      ...(String(fields).split(',').includes('name') && { name: 'Acme Shop' }),
      id: `act_${account}`,
    },
  })

  /** https://developers.facebook.com/docs/graph-api/reference/ad-account/customaudiences/, pages of 25 unless asked otherwise */
  const listAudiences = ({ fields, limit, after }: Parameters): FaultResponse => {
    const all = [...audiences.values()]
    const from = after === undefined ? 0 : all.findIndex(({ id }) => cursorOf(id) === after) + 1
    const page = all.slice(from, from + Number(limit ?? 25))
    const last = page.at(-1)
    const more = from + page.length < all.length
    return {
      body: {
        data: page.map((audience) => nodeOf(audience, String(fields ?? 'id'))),
        ...(last && {
          paging: {
            cursors: { before: cursorOf(page[0]!.id), after: cursorOf(last.id) },
            ...(more && {
              next: `${server.url}/v25.0/act_${account}/customaudiences?access_token=${token}&after=${cursorOf(last.id)}`,
            }),
          },
        }),
      },
    }
  }

  /** https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience */
  const nodeOf = (audience: Audience, fields: string): Record<string, unknown> => {
    const known: Record<string, unknown> = {
      id: audience.id,
      name: audience.name,
      subtype: audience.subtype,
      is_value_based: audience.isValueBased,
      operation_status: { code: statusOf(audience, now()), description: 'A description' },
    }
    const asked = new Set(['id', ...fields.split(',')])
    return Object.fromEntries(Object.entries(known).filter(([name]) => asked.has(name)))
  }

  const answerAudience = (
    audience: Audience,
    edge: string | undefined,
    { method }: FaultRequest,
    parameters: Parameters,
  ): FaultResponse => {
    if (edge === undefined) return { body: nodeOf(audience, String(parameters.fields ?? 'id')) }
    if (edge === 'sessions') return sessionsOf(audience, parameters)
    // A POST may say that it is a DELETE.
    const deletes = method === 'DELETE' || String(parameters.method).toUpperCase() === 'DELETE'
    if (!['users', 'usersreplace'].includes(edge) || method === 'GET' || (deletes && edge !== 'users')) {
      return graphError({ code: 100 })
    }
    if (!meta.termsAccepted) return graphError({ status: 403, code: 200, subcode: 1870034 })
    if (audience.operationStatus === 471) return graphError({ code: 100, subcode: 1713230 })
    const upload = readUpload(parameters)
    if (!upload) return graphError({ code: 100 })
    return edge === 'users'
      ? changeUsers(audience, upload, deletes, now())
      : replaceUsers(audience, upload, now())
  }

  /** https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience/sessions */
  const sessionsOf = ({ sessions }: Audience, { session_id: only }: Parameters): FaultResponse => ({
    body: {
      data: [...sessions]
        .filter(([id]) => only === undefined || String(id) === String(only))
        .map(([id, count]) => ({ session_id: String(id), num_received: String(count) })),
    },
  })

  const meta: MetaServer = Object.assign(server, {
    audiences,
    aheadMs: 0,
    termsAccepted: true,
    addAudience(id: string, about?: Partial<Audience>) {
      const audience = createAudience(id, about)
      audiences.set(id, audience)
      return audience
    },
  })
  return meta
}

const cursorOf = (id: string): string => Buffer.from(id).toString('base64url')
