/**
 * What to do, said for the page. Errors are written once, for the terminal and the page alike, and name the command that helps;
 * who reads them here has no terminal, and finds the same under a name of the page.
 */

/** Where the page has the deed of a command, by its first words; the rest of the command comes as `rest`. */
const DEEDS: readonly (readonly [command: string, words: (rest: string) => string])[] = [
  ['apply', () => 'publish it'],
  ['refresh', () => 'wait until people are brought up to date, which the next sync begins'],
  ['sync', (source) => (source === '' ? 'sync it' : `sync ${source}`)],
  ['runs', () => 'see Runs'],
  ['cancel', () => 'cancel its run'],
  ['reset', () => 'choose “Read anew” at the stream'],
  ['resume', (source) => (source === '' ? 'resume it' : `resume ${source}`)],
  ['rejects list', (source) => (source === '' ? 'look at its rejects' : `look at the rejects of ${source}`)],
  ['state show', () => 'look at its streams'],
  ['secrets set', () => 'type it into the form of what uses it'],
  ['secrets list', () => 'see Settings, Secrets'],
  ['members list', () => 'see Settings, Members'],
  ['tokens list', () => 'see Settings, Tokens'],
  ['list add', () => 'put somebody on it under Segments, Lists'],
  ['connector list', () => 'choose one of those that are shown when something is added'],
  ['connector discover', () => 'choose its streams anew in its settings'],
  ['activate', () => 'see its page'],
  ['login-link', () => 'ask an admin for one'],
]

/** Where no page has it: the deed of those who run the servers. */
const OPERATORS = 'ask who runs Tributary here to look into it'

/** Steps with files have a form here. */
const FORMS: readonly (readonly [steps: RegExp, words: string])[] = [
  [
    /write mappings\/\S+ and identity\.yaml, then (?:run )?`?tributary apply`?/,
    'map a stream of a source to people',
  ],
  [/write activations\/\S+ and (?:run )?`?tributary apply`?/, 'make it under Activations'],
  [/write segments\/\S+ and (?:run )?`?tributary apply`?/, 'build it under Segments'],
  [/ask for a new one, or make one with tributary login-link/, 'ask an admin for a new one'],
  [/(decide|follow it) with tributary activate [^;]*/, '$1 on its page'],
  [/add sources\/\S+ and (?:run )?`?tributary apply`?/, 'add it under Sources'],
  [/add (destinations|activations)\/\S+ and (?:run )?`?tributary apply`?/, 'add it there, and publish it'],
]

/** Beside what is said already: `wait for it (tributary runs --follow)`. */
const ASIDE = / \(`?(?:run )?tributary [^)]*\)/g

const LEAD =
  '(?:(?:run|see|with|use|look at(?: it with)?|(?:start|make) one with|set (?:it|them)(?:, e\\.g\\.| with)) )?'
const QUOTED = '`tributary ([^`]+)`'
/** An unquoted command ends where the sentence goes on. */
const PLAIN = 'tributary ([a-z][a-z-]*(?: (?!and |or |if |to |until |with |once |in )[^\\s,;)]+)*)'
const COMMAND = new RegExp(`${LEAD}(?:${QUOTED}|${PLAIN})(?:,? (?:or|and) (?:${QUOTED}|${PLAIN}))*`, 'g')

/** The same text with the page's names in the place of commands. What names none is given back as it is. */
export function onPage(text: string): string {
  if (!text.includes('tributary ')) return text
  const formed = FORMS.reduce((said, [steps, words]) => said.replace(steps, words), text)
  return formed
    .replace(ASIDE, '')
    .replace(COMMAND, (_all, quoted: string | undefined, plain: string | undefined) =>
      deedOf(quoted ?? plain ?? ''),
    )
}

function deedOf(command: string): string {
  const found = DEEDS.find(([name]) => command === name || command.startsWith(`${name} `))
  if (found === undefined) return OPERATORS
  const [name, words] = found
  return words(command.slice(name.length).trim().split(' ')[0]!.replace(/^-.*/, ''))
}
