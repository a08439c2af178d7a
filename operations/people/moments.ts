/** Moments that people give on the command line. */
import { parseMoment } from '../../profiles/time/moment.js'
import { InvalidWindow } from '../backfill.js'

/** The first moment of a date of the zone, or the moment itself. @throws InvalidWindow */
export function readMoment(option: string, text: string, timeZone: string): Date {
  try {
    return parseMoment(text, timeZone).start
  } catch (error) {
    throw new InvalidWindow(
      `reading ${option} ${text}: it is no moment; write e.g. 2026-01-31 or 2026-01-31T06:00:00Z`,
      { cause: error },
    )
  }
}
