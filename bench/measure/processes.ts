/**
 * What processes used while some work was done: CPU seconds (children included, also those that ended), peak memory, and
 * how much CPU everybody else on the machine took meanwhile, by which a disturbed measurement is told. Linux only.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

export interface Usage {
  readonly seconds: number
  readonly cpuSeconds: Readonly<Record<string, number>>
  /** Of each named process with its children. */
  readonly peakRssMb: Readonly<Record<string, number>>
  /** CPU that processes of nobody here took: another load on the machine. */
  readonly othersCpuSeconds: number
  /** CPU of children of this process that ran and ended meanwhile. */
  readonly endedCpuSeconds: number
  /** They took more than a tenth of the machine. */
  readonly disturbed: boolean
}

/** Kernel clock ticks a second: a constant of Linux's ABI on every platform that Node runs on. */
const TICKS = 100
const SAMPLE_MS = 50
const MB = 1024 * 1024

/**
 * Does the work and tells what the named processes used meanwhile. Their children count as theirs. A process that the work
 * itself starts may be named 0 and given its id then; one that is a child of another named one counts as itself only.
 */
export async function measure<Result>(
  processes: Readonly<Record<string, number>>,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly usage: Usage }> {
  const names = Object.keys(processes)
  const peaks = new Map<string, number>(names.map((name) => [name, 0]))
  const sample = () => {
    const tree = readTree()
    for (const name of names) {
      const bytes = membersOf(tree, processes, name).reduce((sum, pid) => sum + residentBytes(pid), 0)
      peaks.set(name, Math.max(peaks.get(name)!, bytes))
    }
  }
  for (const name of names) resetPeak(processes[name]!)
  const before = readCpu(processes)
  const startedAt = performance.now()
  const timer = setInterval(sample, SAMPLE_MS)
  try {
    const result = await work()
    const seconds = (performance.now() - startedAt) / 1000
    sample()
    const after = readCpu(processes)
    const cpuSeconds = Object.fromEntries(
      names.map((name) => [name, round((after.of[name] ?? 0) - (before.of[name] ?? 0))]),
    )
    const endedCpuSeconds = round(after.ended - before.ended)
    const named = Object.values(cpuSeconds).reduce((sum, value) => sum + value, 0)
    const isNamed = Object.values(processes).includes(process.pid)
    const own = named + endedCpuSeconds + (isNamed ? 0 : after.self - before.self)
    const peakRssMb = Object.fromEntries(
      names.map((name) => [name, Math.round(Math.max(peaks.get(name)!, peakBytes(processes[name]!)) / MB)]),
    )
    const othersCpuSeconds = round(Math.max(0, after.machine - before.machine - own))
    const disturbed = othersCpuSeconds > 0.1 * seconds * availableParallelism()
    return {
      result,
      usage: { seconds: round(seconds), cpuSeconds, peakRssMb, endedCpuSeconds, othersCpuSeconds, disturbed },
    }
  } finally {
    clearInterval(timer)
  }
}

/** Sum of a usage's CPU seconds. */
export function totalCpu({ cpuSeconds }: Usage): number {
  return round(Object.values(cpuSeconds).reduce((sum, value) => sum + value, 0))
}

/** The higher of each process's peaks. */
export function highestPeaks(usages: readonly Usage[]): Record<string, number> {
  const highest: Record<string, number> = {}
  for (const { peakRssMb } of usages) {
    for (const [name, mb] of Object.entries(peakRssMb)) highest[name] = Math.max(highest[name] ?? 0, mb)
  }
  return highest
}

/** CPU seconds that the whole machine was busy since it started; steal and waiting are not busy. */
export function busySeconds(): { readonly busy: number; readonly all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user, nice, system, idle, wait, irq, soft, steal] = line.split(/\s+/).slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const busy = user + nice + system + irq + soft
  return { busy: busy / TICKS, all: (busy + idle + wait + steal) / TICKS }
}

interface Stat {
  readonly parent: number
  /** Its own and that of children it waited for. */
  readonly cpuSeconds: number
}

function readCpu(processes: Readonly<Record<string, number>>) {
  const tree = readTree()
  const sum = (name: string) =>
    membersOf(tree, processes, name).reduce((total, member) => total + tree.get(member)!.cpuSeconds, 0)
  const of = Object.fromEntries(Object.keys(processes).map((name) => [name, sum(name)]))
  const usage = process.cpuUsage()
  const ended = endedChildren()
  return { of, ended, self: (usage.user + usage.system) / 1e6, machine: busySeconds().busy }
}

function endedChildren(): number {
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / TICKS
}

function readTree(): Map<number, Stat> {
  const tree = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      // The command, in brackets, may hold spaces and brackets itself.
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
      tree.set(pid, { parent: Number(fields[1]), cpuSeconds: ticks / TICKS })
    } catch {
      // It ended meanwhile.
    }
  }
  return tree
}

function membersOf(
  tree: ReadonlyMap<number, Stat>,
  processes: Readonly<Record<string, number>>,
  name: string,
): number[] {
  const root = processes[name]!
  const apart = Object.values(processes)
  if (!tree.has(root)) return []
  const members = [root]
  for (let index = 0; index < members.length; index++) {
    for (const [pid, { parent }] of tree) {
      if (parent === members[index] && !apart.includes(pid)) members.push(pid)
    }
  }
  return members
}

function residentBytes(pid: number): number {
  return statusKb(pid, /^RssAnon:\s+(\d+)/m) * 1024 + statusKb(pid, /^RssFile:\s+(\d+)/m) * 1024
}

function peakBytes(pid: number): number {
  return statusKb(pid, /^VmHWM:\s+(\d+)/m) * 1024
}

function statusKb(pid: number, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Makes the kernel's high-water mark begin anew; without the right to do so the samples are all there is. */
function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // The mark of the whole life of the process is then the peak, which never flatters.
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
