/** What can be said to an activation: dry run, send, pause. */
import { Button } from '@mantine/core'
import { IconEye, IconPlayerPause, IconPlayerPlay, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { notifyDone, notifyFailed, notifyUndo } from '../../../ui/notify.js'
import {
  type ActivationStatus,
  PAUSED_HERE,
  pauseActivation,
  resumeActivation,
  sendActivation,
} from '../api.js'
import type { DryRun } from './use-dry-run.js'

interface ActionsProps {
  readonly status: ActivationStatus
  readonly dryRun: DryRun
}

export function Actions({ status, dryRun }: ActionsProps) {
  const { id, state, hold } = status
  const allowed = useCan('marketer')
  const forget = useForget()
  const [busy, setBusy] = useState(false)
  if (!allowed) return null
  const send = async () => {
    setBusy(true)
    try {
      await sendActivation(id)
      notifyDone('It begins.')
    } catch (error) {
      notifyFailed('Could not begin to send', error)
    } finally {
      await forget('/api/v1/activations')
      setBusy(false)
    }
  }
  const setPaused = (isPaused: boolean) =>
    (isPaused ? pauseActivation(id, PAUSED_HERE) : resumeActivation(id)).finally(() =>
      forget('/api/v1/activations'),
    )
  const toggle = async () => {
    const isPaused = hold !== null
    try {
      await setPaused(!isPaused)
      notifyUndo({
        message: isPaused ? `${id} runs by itself again.` : `${id} is paused: nothing runs by itself.`,
        undo: () => setPaused(isPaused),
      })
    } catch (error) {
      notifyFailed(isPaused ? `Could not resume ${id}` : `Could not pause ${id}`, error)
    }
  }
  // Keys stay on a button that cannot be pressed for now: whoever sends hears what comes of it from there.
  const isFree = state === 'idle' || state === 'paused'
  const rest = isFree ? {} : { 'data-disabled': true, 'aria-disabled': true }
  return (
    <>
      <Button
        variant="default"
        leftSection={
          hold === null ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />
        }
        onClick={() => void toggle()}
      >
        {hold === null ? 'Pause' : 'Resume'}
      </Button>
      <Button
        variant="default"
        leftSection={<IconEye size={16} aria-hidden />}
        loading={dryRun.busy}
        {...rest}
        onClick={() => isFree && void dryRun.start()}
      >
        Dry run
      </Button>
      <Button
        leftSection={<IconSend size={16} aria-hidden />}
        loading={busy}
        {...rest}
        onClick={() => isFree && void send()}
      >
        Send now
      </Button>
    </>
  )
}
