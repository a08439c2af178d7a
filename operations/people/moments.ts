/** Moments that people give. */
import { parseMoment } from '../../profiles/time/moment.js'
import { InvalidWindow } from '../backfill.js'

/** The first moment of a date of the zone, or the moment itself. @throws InvalidWindow */
export function readMoment(text: string, timeZone: string): Date {
  try {
    return parseMoment(text, timeZone).start
  } catch (error) {
    throw new InvalidWindow(
      `reading the moment ${text}: it is none; write e.g. 2026-01-31 or 2026-01-31T06:00:00Z`,
      { cause: error },
    )
  }
}
