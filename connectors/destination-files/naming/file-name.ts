/** Names of files from the config's templates. Nothing that a template or an id holds gets out of the location. */
import { ConnectorError } from '@tributary/connector-sdk'

/** What a run's name is made of. */
export interface NameParts {
  readonly activation: string
  readonly run: string
  /** When the run began to write, ISO 8601 in UTC. */
  readonly at: string
}

const TOKENS: Readonly<Record<string, (parts: NameParts) => string>> = {
  activation: ({ activation }) => plain(activation),
  run: ({ run }) => plain(run),
  date: ({ at }) => at.slice(0, 10),
  time: ({ at }) => at.slice(11, 19).replaceAll(':', ''),
  year: ({ at }) => at.slice(0, 4),
  month: ({ at }) => at.slice(5, 7),
  day: ({ at }) => at.slice(8, 10),
}

/**
 * The name below the location, with its ending.
 * @throws ConnectorError ConfigInvalid for an unknown token and for names that leave the location or hide
 */
export function fileName(template: string, ending: string, parts: NameParts): string {
  const name = template.replace(/\{([^{}]*)\}/g, (whole, token: string) => {
    const value = Object.hasOwn(TOKENS, token) ? TOKENS[token] : undefined
    if (value === undefined)
      throw invalid(
        template,
        `${whole} is unknown; known are ${Object.keys(TOKENS)
          .map((known) => `{${known}}`)
          .join(', ')}`,
      )
    return value(parts)
  })
  const steps = name.split('/')
  if (steps.some((step) => step === '' || step.startsWith('.')))
    throw invalid(template, 'its folders and names must not be empty or begin with a dot')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\{}]/.test(name))
    throw invalid(template, 'braces, backslashes and control characters are not allowed')
  // `members.csv` is meant as a whole, and compressed it is `members.csv.gz`.
  const format = ending.replace(/\.gz$/, '')
  return (
    [ending, format].reduce(
      (whole, end) => (whole.endsWith(end) ? whole.slice(0, -end.length) : whole),
      name,
    ) + ending
  )
}

/** Whether two runs have two names. */
export function namesEachRun(template: string): boolean {
  return template.includes('{run}')
}

function invalid(template: string, text: string): ConnectorError {
  return new ConnectorError('ConfigInvalid', `naming files by ${JSON.stringify(template)}: ${text}`)
}

/** An id as a part of a name: nothing in it makes a folder or hides. */
function plain(id: string): string {
  return id.replace(/[^\p{L}\p{N}._-]/gu, '-').replace(/^\./, '-')
}
