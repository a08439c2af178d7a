/** Times in templates, by the directives of strftime that people use. UTC and English, whatever the machine says. */

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const two = (number: number): string => String(number).padStart(2, '0')

/** https://man7.org/linux/man-pages/man3/strftime.3.html */
const DIRECTIVES = new Map<string, (date: Date) => string>([
  ['Y', (date) => String(date.getUTCFullYear()).padStart(4, '0')],
  ['y', (date) => two(date.getUTCFullYear() % 100)],
  ['m', (date) => two(date.getUTCMonth() + 1)],
  ['B', (date) => MONTHS[date.getUTCMonth()]!],
  ['b', (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3)],
  ['d', (date) => two(date.getUTCDate())],
  ['e', (date) => String(date.getUTCDate()).padStart(2, ' ')],
  ['A', (date) => DAYS[date.getUTCDay()]!],
  ['a', (date) => DAYS[date.getUTCDay()]!.slice(0, 3)],
  ['H', (date) => two(date.getUTCHours())],
  ['M', (date) => two(date.getUTCMinutes())],
  ['S', (date) => two(date.getUTCSeconds())],
  ['F', (date) => date.toISOString().slice(0, 10)],
  ['T', (date) => date.toISOString().slice(11, 19)],
  ['s', (date) => String(Math.floor(date.getTime() / 1000))],
  ['%', () => '%'],
])

/** Null where the text is no time. What is no directive stays as it is. @param text ISO 8601; without a zone, UTC */
export function formatDate(text: string, format: string): string | null {
  const time = ISO.exec(text)
  if (time === null) return null
  const zoned = time[1] === undefined || time[4] !== undefined ? text : `${text}Z`
  const date = new Date(zoned.replace(' ', 'T'))
  if (Number.isNaN(date.getTime())) return null
  return format.replace(/%(.)/gs, (directive, name: string) => DIRECTIVES.get(name)?.(date) ?? directive)
}
