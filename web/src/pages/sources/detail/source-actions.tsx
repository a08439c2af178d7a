/** What can be said to a source: sync, pause, read the past. */
import { Button, Menu } from '@mantine/core'
import { IconCalendarDown, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { MoreMenu } from '../../../ui/more-menu.js'
import { notifyDone, notifyFailed, notifyUndo } from '../../../ui/notify.js'
import { syncSource } from '../../runs/api.js'
import { type SourceLine, setPaused } from '../api.js'
import { toldOfPause } from '../model/paused-words.js'
import { BackfillDialog } from './backfill-dialog.js'

/** Buttons at the top of the source's page. */
export function SourceActions({ source }: { readonly source: SourceLine }) {
  const { id, state, running, paused } = source
  const isMarketer = useCan('marketer')
  const isOperator = useCan('operator')
  const forget = useForget()
  const [busy, setBusy] = useState(false)
  const [backfill, setBackfill] = useState(false)
  if (!isMarketer || state === 'new') return null
  const refresh = () => forget('/api/v1/sources', '/api/v1/runs', '/api/v1/workspace')
  const sync = async () => {
    setBusy(true)
    try {
      const { started } = await syncSource(id)
      await refresh()
      notifyDone(started ? `A sync of ${id} begins.` : `A sync of ${id} is running already.`)
    } catch (error) {
      notifyFailed(`Could not sync ${id}`, error)
    } finally {
      setBusy(false)
    }
  }
  const setTo = (isPaused: boolean) => setPaused(id, isPaused).finally(refresh)
  const togglePause = async () => {
    try {
      await setTo(!paused)
      notifyUndo({
        message: toldOfPause(source, !paused),
        undo: () => setTo(paused),
      })
    } catch (error) {
      notifyFailed(paused ? `Could not resume ${id}` : `Could not pause ${id}`, error)
    }
  }
  return (
    <>
      {isOperator && (
        <MoreMenu label={`More for ${id}`} framed>
          <Menu.Item
            leftSection={
              paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
            }
            onClick={() => void togglePause()}
          >
            {paused ? 'Resume' : 'Pause'}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCalendarDown size={16} aria-hidden />}
            onClick={() => setBackfill(true)}
          >
            Read a stretch of the past…
          </Menu.Item>
        </MoreMenu>
      )}
      <Button
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => void sync()}
        loading={busy}
        disabled={running !== null}
      >
        {running === null ? 'Sync now' : 'Syncing'}
      </Button>
      <BackfillDialog id={id} opened={backfill} onClose={() => setBackfill(false)} />
    </>
  )
}
