/** What forms of connectors ask the API for: what is installed, what it asks for, and whether a config works. */
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type Connector = Schemas['Connector']
export type ConnectorDetails = Schemas['ConnectorDetails']
export type ConnectorCheck = Schemas['ConnectorCheck']
export type Config = Readonly<Record<string, unknown>>

/** Whether a config works; secrets that were typed come back as references. */
export function checkConfig(connector: string, id: string, config: Config) {
  return take(
    api.POST('/api/v1/connectors/{name}/check', {
      params: { path: { name: connector } },
      body: { id, config },
    }),
  )
}
