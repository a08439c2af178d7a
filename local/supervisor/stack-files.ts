/** Reads and writes what the supervisor keeps in `<workspace>/.tributary/`: the record of the stack, its ports, its password. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type StackRecord, stackPaths } from '../../runtime/stack.js'
import { freePort, isPortFree } from '../ports.js'

type PortName = 'temporal' | 'temporalUi' | 'clickhouse' | 'server'
export type StackPorts = Readonly<Record<PortName, number>>

/** Replaces the record in one step: a reader sees the old one or the new one. */
export async function writeStackRecord(workspaceDir: string, record: StackRecord): Promise<void> {
  await writeAtomically(stackPaths(workspaceDir).record, `${JSON.stringify(record, null, 2)}\n`)
}

/**
 * The workspace's ports: the wanted ones, else the ones of last time as far as they are free, else free ones. Remembered for next time.
 * A wanted port that is taken is left to fail with the name of the part that needs it.
 */
export async function choosePorts(
  workspaceDir: string,
  wanted: Partial<StackPorts> = {},
): Promise<StackPorts> {
  const { ports: file } = stackPaths(workspaceDir)
  const remembered = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<StackPorts>
  const chosen = new Set<number>()
  const choose = async (name: PortName): Promise<number> => {
    const last = remembered[name]
    let port = wanted[name] ?? (last !== undefined && (await isPortFree(last)) ? last : await freePort())
    while (chosen.has(port)) port = await freePort()
    chosen.add(port)
    return port
  }
  const ports = {
    temporal: await choose('temporal'),
    temporalUi: await choose('temporalUi'),
    clickhouse: await choose('clickhouse'),
    server: await choose('server'),
  }
  await writeAtomically(file, `${JSON.stringify(ports)}\n`)
  return ports
}

/** The password of the local ClickHouse, generated once per workspace and readable by the owner alone. */
export async function clickhousePassword(workspaceDir: string): Promise<string> {
  const { password: file } = stackPaths(workspaceDir)
  const existing = await readFile(file, 'utf8').catch(() => '')
  if (existing.trim() !== '') return existing.trim()
  const password = randomBytes(24).toString('base64url')
  await writeAtomically(file, `${password}\n`)
  return password
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, path)
}
