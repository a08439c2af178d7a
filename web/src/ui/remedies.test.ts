import { deepEqual, equal } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onPage } from './remedies.js'

describe('what to do, said for the page', () => {
  const cases: readonly (readonly [written: string, said: string])[] = [
    ['check the password', 'check the password'],
    ['ask for a new one, or make one with tributary login-link', 'ask an admin for a new one'],
    [
      'look at `tributary rejects list shop` and correct the types',
      'look at the rejects of shop and correct the types',
    ],
    [
      'run `tributary reset` to read the stream again into new tables, or set it back',
      'choose “Read anew” at the stream to read the stream again into new tables, or set it back',
    ],
    [
      'wait for it (tributary runs --source shop --follow), or cancel it (tributary cancel shop)',
      'wait for it, or cancel it',
    ],
    ['start one with tributary up, or tributary worker', 'ask who runs Tributary here to look into it'],
    [
      'write mappings/<name>.yaml and identity.yaml, then run tributary apply',
      'map a stream of a source to people',
    ],
    [
      'people were never refreshed; run tributary refresh --wait',
      'people were never refreshed; wait until people are brought up to date, which the next sync begins',
    ],
    [
      'not in the file; set it with `tributary secrets set KEY`',
      'not in the file; type it into the form of what uses it',
    ],
    ['decide with tributary activate approve mail or tributary activate refuse mail', 'decide on its page'],
  ]
  for (const [written, said] of cases) it(`of “${written}”`, () => equal(onPage(written), said))

  it('names no command, whatever error the servers write', () => {
    const files = ['operations', 'activities', 'warehouse', 'workspace', 'runtime'].flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .map((file) => join(folder, String(file)))
        .filter((file) => file.endsWith('.ts') && !/test/.test(file)),
    )
    const messages = files.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /'([^'\n]*tributary [a-z][^'\n]*)'|`((?:[^`\n\\]|\\.)*tributary [a-z](?:[^`\n\\]|\\.)*)`/g,
        ),
      ].map(([, plain, template]) =>
        (plain ?? template!.replaceAll('\\`', '`')).replace(/\$\{[^}]*\}/g, 'shop'),
      ),
    )
    const remedies = messages.filter((message) => /; |^(run|see|start|set|look)/.test(message))
    deepEqual(
      [remedies.length > 20, remedies.map(onPage).filter((said) => /tributary [a-z]/.test(said))],
      [true, []],
    )
  })
})
