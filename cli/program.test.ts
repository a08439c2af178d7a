import assert from 'node:assert/strict'
import type { Command } from 'commander'
import { createProgram } from './program.js'

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves)

describe('every command', () => {
  it('has a summary, an example, and the options that all share', () => {
    for (const command of leaves(createProgram())) {
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      assert.notEqual(command.summary(), '', command.name())
      assert.match(help, /Example:\n {2}(eval )?.*tributary /, command.name())
      if (command.name() === 'completion') continue
      const options = command.options.map(({ long }) => long)
      assert.deepEqual(
        [options.includes('--json'), options.includes('--workspace')],
        [true, true],
        command.name(),
      )
    }
  })
})
