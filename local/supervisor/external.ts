/** Temporal and ClickHouse that run already and that the environment names: they are used as they are, after a look whether they answer. */
import { accepts } from '../ports.js'

/**
 * The Temporal server that TEMPORAL_ADDRESS names, or undefined when it names none. TEMPORAL_UI_URL says where its Web UI is.
 * @throws when nothing listens there
 */
export async function temporalFromEnvironment(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly address: string; readonly ui: string | null } | undefined> {
  const address = env.TEMPORAL_ADDRESS
  if (!address) return undefined
  const { hostname, port } = new URL(`tcp://${address}`)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (!(await accepts(Number(port || 7233), host))) {
    throw new Error(
      `starting the stack: TEMPORAL_ADDRESS names ${address}, where nothing answers; start that server, or unset it for a local one`,
    )
  }
  return { address, ui: env.TEMPORAL_UI_URL || null }
}

/**
 * The ClickHouse server that CLICKHOUSE_URL names, with its credentials, or undefined when it names none.
 * @throws when it does not answer
 */
export async function clickhouseFromEnvironment(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly url: string; readonly user: string; readonly password: string } | undefined> {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: user = 'default', CLICKHOUSE_PASSWORD: password = '' } = env
  if (!url) return undefined
  const answer = await fetch(new URL('/ping', url), { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  )
  if (!answer?.ok) {
    throw new Error(
      `starting the stack: CLICKHOUSE_URL names ${new URL(url).host}, which does not answer; start that server, or unset it for a local one`,
    )
  }
  return { url, user, password }
}
