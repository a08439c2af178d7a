/** The demo as a person starts it: from nothing to checked counts in one process, and nothing left of it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

interface Result {
  readonly ok: boolean
  readonly seconds: number
  readonly loads: readonly { readonly sync: string; readonly source: string; readonly rows: number }[]
  readonly profiles?: number
  readonly segments?: readonly {
    readonly name: string
    readonly size: number
    readonly entered: number
    readonly left: number
  }[]
  readonly delivered?: readonly { readonly activation: string; readonly records: number }[]
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

describe('tributary demo --once --json', function () {
  this.timeout(360_000)
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-demo-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('loads, changes, survives a killed worker with every check right, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await demo(dir, ['--once', '--json'])
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Result
    assert.deepEqual(
      result.checks.filter(({ ok }) => !ok),
      [],
      stderr,
    )
    assert.deepEqual(
      { code, ok: result.ok, lines: stdout.trimEnd().split('\n').length },
      {
        code: 0,
        ok: true,
        lines: 1,
      },
    )
    const subjects = result.checks.map(({ name }) => name.split(': ', 1)[0]!)
    assert.deepEqual(
      Object.fromEntries(
        [...new Set(subjects)].map((name) => [name, subjects.filter((s) => s === name).length]),
      ),
      {
        'Temporal, ClickHouse and a worker are up': 1,
        'workspace applied': 1,
        'schedules fired': 1,
        'first sync': 12,
        'real faults were served and survived': 1,
        'refreshes succeeded': 3,
        // Everybody, and the members of each of the sixteen segments: at first, after the changes, after the kill.
        people: 3,
        segments: 48,
        'second sync': 12,
        'only changes loaded': 6,
        'updates are visible': 2,
        'deletes are visible': 1,
        // Each segment's, and that nobody moves after the kill.
        'membership log': 17,
        'worker killed in the middle of a sync': 1,
        'the run went on and ended': 1,
        'no wrong count was visible at any moment': 1,
        'after the kill': 3,
        'worker killed in the middle of a refresh': 1,
        'segments are sent after each refresh': 1,
        // What each tool holds: after the refreshes, while the guard holds, after the undo, in the end.
        'mailing tool': 4,
        office: 3,
        'a guard stops a mass removal': 1,
        'an approved plan is sent': 1,
        'a run is taken back': 1,
        'what is in step is sent nothing': 1,
        'every stream has a position': 1,
        'no row was rejected': 1,
      },
    )
    assert.deepEqual(
      result.loads.filter(({ sync }) => sync === 'first').map(({ source, rows }) => [source, rows]),
      [
        ['till', 211_843],
        ['shop', 3_487],
        ['loyalty', 13_606],
      ],
    )
    assert.equal(result.profiles, 308)
    assert.deepEqual(
      result.segments?.filter(({ name }) => ['high-value', 'homeowners', 'reachable'].includes(name)),
      [
        { name: 'high-value', size: 60, entered: 5, left: 0 },
        { name: 'homeowners', size: 197, entered: 2, left: 0 },
        { name: 'reachable', size: 170, entered: 0, left: 9 },
      ],
    )
    assert.deepEqual(
      result.delivered?.map(({ activation, records }) => [activation, records]),
      [
        ['lapsed-mail', 9],
        ['lapsed-calls', 15],
      ],
    )
    assert.deepEqual(await readdir(join(dir, '.tributary')), [])
    assert.deepEqual(await processesOf(dir), [])
  })

  it('takes everything away when it is interrupted in the middle', async () => {
    const { code } = await demo(dir, ['--json'], (line, stop) => {
      if (line.includes('Waiting for the schedules')) stop()
    })
    assert.equal(code, 130)
    assert.deepEqual(await readdir(join(dir, '.tributary')), [])
    assert.deepEqual(await processesOf(dir), [])
  })
})

async function demo(
  cwd: string,
  args: readonly string[],
  onText: (text: string, stop: () => void) => void = () => undefined,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [resolve('dist/cli/main.js'), 'demo', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stderr.on('data', (chunk: Buffer) => onText(chunk.toString('utf8'), () => child.kill('SIGINT')))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: child.exitCode, stdout, stderr }
}

/** Command lines of processes that work for a demo in the folder. Knows them on Linux. */
async function processesOf(dir: string): Promise<readonly string[]> {
  if (process.platform !== 'linux') return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const told = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [command, environment] = await Promise.all([read('cmdline'), read('environ')])
      return (command + environment).includes(dir) ? command.replaceAll('\0', ' ') : undefined
    }),
  )
  return told.filter((command) => command !== undefined)
}
