/** Temporal: reachable, with the namespace, the search attributes and somebody who works. */
import type { Client } from '@temporalio/client'
import type { OperationContext } from '../context.js'
import { lookAtPollers } from '../pollers.js'
import { searchAttributeState } from '../setup.js'
import { type Check, failed, failedBy, passed } from './check.js'

/** Stops at the first that keeps the next from being asked. */
export async function checkTemporal(
  context: Pick<OperationContext, 'temporal' | 'temporalConfig'>,
): Promise<readonly Check[]> {
  let client: Client
  let address: string
  try {
    address = (await context.temporalConfig()).address
    client = await context.temporal()
  } catch (error) {
    return [failedBy('temporal', error, 'start the local stack with tributary up, or set TEMPORAL_ADDRESS')]
  }
  const { namespace } = client.options
  const [version, exists] = await Promise.all([serverVersion(client), checkNamespace(client)])
  const reachable = passed('temporal', `${address}, server ${version}`)
  if (!exists.ok) return [reachable, exists]
  return [reachable, exists, ...(await Promise.all([checkAttributes(client), checkPollers(client)]))].map(
    (check) => (check.name === 'namespace' ? { ...check, detail: namespace } : check),
  )
}

async function serverVersion(client: Client): Promise<string> {
  const info = await client.workflowService.getSystemInfo({}).catch(() => undefined)
  return info?.serverVersion || 'of an unknown version'
}

async function checkNamespace(client: Client): Promise<Check> {
  const { namespace } = client.options
  try {
    await client.workflowService.describeNamespace({ namespace })
    return passed('namespace', namespace)
  } catch (error) {
    const create = `create it with temporal operator namespace create ${namespace}, or set TEMPORAL_NAMESPACE`
    return failedBy('namespace', error, create)
  }
}

async function checkAttributes(client: Client): Promise<Check> {
  try {
    const { missing, wrong } = await searchAttributeState(client)
    if (wrong.length > 0) {
      return failed(
        'search attributes',
        `of another type: ${wrong.join(', ')}`,
        'remove them, or use another namespace',
      )
    }
    if (missing.length > 0) {
      return failed('search attributes', `missing: ${missing.join(', ')}`, 'run tributary setup')
    }
    return passed('search attributes', 'all registered')
  } catch (error) {
    return failedBy(
      'search attributes',
      error,
      'run tributary setup with a user who may administer the namespace',
    )
  }
}

async function checkPollers(client: Client): Promise<Check> {
  const { workers, idle } = await lookAtPollers(client)
  if (idle.length > 0) {
    return failed(
      'workers',
      `nobody takes work from ${idle.join(', ')}`,
      'start one with tributary up or tributary worker',
    )
  }
  return passed('workers', `${workers.length} running`)
}
