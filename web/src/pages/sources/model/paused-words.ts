/** What pausing means to a source: little where no schedule starts it. */
import type { SourceLine } from '../api.js'

/** As the server says that nothing starts a source by itself. */
const BY_HAND = 'by hand'

type Scheduled = Pick<SourceLine, 'schedule'>

/** What goes on while it is paused, and until when. */
export function pausedWords({ schedule }: Scheduled, mayResume: boolean): string {
  if (schedule === BY_HAND) return 'It is synced by hand, and that works while it is paused too.'
  return `Its schedule starts nothing until ${mayResume ? 'it is resumed' : 'an operator resumes it'}.`
}

/** What somebody is told who has just paused or resumed it. */
export function toldOfPause({ id, schedule }: Scheduled & Pick<SourceLine, 'id'>, isPaused: boolean): string {
  if (schedule === BY_HAND)
    return isPaused ? `${id} is paused: it is synced by hand all the same.` : `${id} is no longer paused.`
  return isPaused ? `${id} is paused: its schedule starts nothing.` : `${id} runs by its schedule again.`
}
