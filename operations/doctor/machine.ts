/** This machine: Node.js, disk space, and a clock that agrees with the warehouse's. */
import { statfs } from 'node:fs/promises'
import { selectRow } from '../../warehouse/query.js'
import type { OperationContext } from '../context.js'
import { type Check, failed, failedBy, passed } from './check.js'

const MIN_NODE = [20, 19] as const
/** Less than this, and ClickHouse soon cannot merge, bytes. */
const MIN_FREE_BYTES = 1_000_000_000
/** Times of loads come from both clocks, milliseconds. */
const MAX_SKEW_MS = 5_000

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
  return ok
    ? passed('node', version)
    : failed('node', version, `install Node.js ${MIN_NODE.join('.')} or newer`)
}

export async function checkDisk({ workspaceDir }: Pick<OperationContext, 'workspaceDir'>): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(workspaceDir)
    const free = bavail * bsize
    const detail = `${(free / 1e9).toFixed(1)} GB free at the workspace`
    return free >= MIN_FREE_BYTES ? passed('disk', detail) : failed('disk', detail, 'free at least 1 GB')
  } catch (error) {
    return failedBy('disk', error, 'choose an existing folder with --workspace')
  }
}

/** Says nothing where the warehouse cannot be asked: its own check does. */
export async function checkClock({
  warehouse,
}: Pick<OperationContext, 'warehouse'>): Promise<readonly Check[]> {
  try {
    const client = await warehouse()
    const askedAt = Date.now()
    const row = await selectRow<{ ms: string }>(client, 'SELECT toUnixTimestamp64Milli(now64(3)) AS ms')
    const answeredAt = Date.now()
    const skewMs = Math.round(Number(row?.ms) - (askedAt + answeredAt) / 2)
    const detail = `${Math.abs(skewMs)} ms apart from the warehouse`
    return [
      Math.abs(skewMs) <= MAX_SKEW_MS
        ? passed('clock', detail)
        : failed('clock', detail, 'synchronise the clocks of both machines (NTP)'),
    ]
  } catch {
    return []
  }
}
