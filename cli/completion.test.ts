import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completionScript, SHELLS } from './completion.js'
import { createProgram } from './program.js'

/** What bash offers after these words; the last one is being typed. */
function offered(words: readonly string[], cwd: string): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `${completionScript(createProgram(), 'bash')}
COMP_WORDS=(tributary ${quoted}); COMP_CWORD=${words.length}
_tributary; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { cwd, encoding: 'utf8' }).trim().split('\n')
}

describe('the completion of shells', () => {
  let dir: string

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'tributary-completion-'))
    mkdirSync(join(dir, 'sources'))
    for (const id of ['shop', 'till']) writeFileSync(join(dir, 'sources', `${id}.yaml`), '')
    mkdirSync(join(dir, 'activations'))
    writeFileSync(join(dir, 'activations/winback.yaml'), '')
  })
  after(() => rmSync(dir, { recursive: true }))

  it('offers commands, subcommands, options, choices and names of the workspace', () => {
    const cases: [words: string[], offers: string[]][] = [
      [['re'], ['reset', 'refresh', 'resume', 'rejects', 'retention']],
      [['state', 'r'], ['rollback']],
      [['state', 'rollback', '--s'], ['--stream']],
      [
        ['sync', ''],
        ['--workspace', '--json', '--stream', '--wait', '--help', 'shop', 'till'],
      ],
      [
        ['sync', 'shop', '--w'],
        ['--workspace', '--wait'],
      ],
      [['completion', 'f'], ['fish']],
      [['activate', 'approve', 'w'], ['winback']],
    ]
    assert.deepEqual(
      cases.map(([words]) => [words, offered(words, dir)]),
      cases,
    )
  })

  it('names every command in the script of every shell', () => {
    const names = createProgram().commands.map((command) => command.name())
    for (const shell of SHELLS) {
      const script = completionScript(createProgram(), shell)
      assert.deepEqual(
        names.filter((name) => !script.includes(name)),
        [],
      )
    }
  })
})
