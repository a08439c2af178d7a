import assert from 'node:assert/strict'
import { Output, type OutputStream } from './output.js'

class Captured implements OutputStream {
  text = ''
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text
  }
}

describe('the output of a command', () => {
  it('is one JSON document or words on stdout, and notes on stderr', () => {
    const said = [true, false].map((json) => {
      const [stdout, stderr] = [new Captured(false), new Captured(false)]
      const output = new Output(json, stdout, stderr, {})
      output.note('a note')
      output.result({ n: 1 }, () => 'one')
      return [stdout.text, stderr.text]
    })
    assert.deepEqual(said, [
      ['{"n":1}\n', 'a note\n'],
      ['one\n', 'a note\n'],
    ])
  })

  it('is coloured only on a terminal that may show colours', () => {
    const cases: [isTTY: boolean, env: NodeJS.ProcessEnv, coloured: boolean][] = [
      [true, {}, true],
      [false, {}, false],
      [true, { NO_COLOR: '1' }, false],
      [true, { TERM: 'dumb' }, false],
    ]
    assert.deepEqual(
      cases.map(([isTTY, env]) => {
        const output = new Output(false, new Captured(isTTY), new Captured(false), env)
        return output.paint('red', 'x') === '\x1b[31mx\x1b[39m' && output.paintNote('red', 'x') === 'x'
      }),
      cases.map(([, , coloured]) => coloured),
    )
  })
})
