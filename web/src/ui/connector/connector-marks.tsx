/** How far a connector is, said plainly. */
import { Group } from '@mantine/core'
import { StatusBadge } from '../status-badge.js'
import type { Connector } from './api.js'

/** Nothing for a connector that is stable and was tried. */
export function ConnectorMarks({
  connector,
}: {
  readonly connector: Pick<Connector, 'status' | 'triedOnLiveAccount'>
}) {
  const { status, triedOnLiveAccount } = connector
  if ((status === null || status === 'stable') && triedOnLiveAccount !== false) return null
  return (
    <Group gap={6} mt={2}>
      {status !== null && status !== 'stable' && (
        <StatusBadge status={status} label={status} tone={status === 'alpha' ? 'attention' : 'idle'} />
      )}
      {triedOnLiveAccount === false && (
        <StatusBadge status="untried" label="not tried on a live account" tone="attention" />
      )}
    </Group>
  )
}
