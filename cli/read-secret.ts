/** Reads a value that nobody may see: typed without echo on a terminal, otherwise all of stdin. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Interrupted } from './errors.js'

/** One trailing line end is no part of the value. */
export async function readSecret(prompt: string): Promise<string> {
  if (process.stdin.isTTY !== true) return (await text(process.stdin)).replace(/\r?\n$/, '')
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('SIGINT', () => reject(new Interrupted('stopped; nothing was set')))
      lines.once('line', resolve)
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
