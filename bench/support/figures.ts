/** From measurements in turn to the figures of a benchmark. */
import type { Figures } from '../benchmark.js'
import type { Turn } from '../measure/in-turn.js'
import { highestPeaks, totalCpu, type Usage } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'

/** One measured piece of work: what it took, and of what processes. */
export interface Measured {
  readonly seconds: number
  readonly usage: Usage
}

/** Rows a second of the subject against those of the reference; CPU seconds stand beside. */
export function throughput(
  rows: number,
  reference: string,
  turns: readonly Turn<Measured, Measured>[],
  details: Readonly<Record<string, unknown>> = {},
): Figures {
  const value = median(turns.map(({ subject }) => rows / subject.seconds))
  const against = median(turns.map((turn) => rows / turn.reference.seconds))
  const cpu = (of: (turn: Turn<Measured, Measured>) => Measured) =>
    rounded((median(turns.map((turn) => totalCpu(of(turn).usage))) * 1e6) / rows)
  return {
    value: Math.round(value),
    unit: 'rows/s',
    reference,
    against: Math.round(against),
    ratio: rounded(value / against),
    peakRssMb: highestPeaks(turns.map(({ subject }) => subject.usage)),
    details: {
      cpuSecondsPerMillion: cpu(({ subject }) => subject),
      referenceCpuSecondsPerMillion: cpu((turn) => turn.reference),
      ...details,
    },
    runs: turns.map(({ machine, subject, reference: other }) => ({ machine, subject, reference: other })),
  }
}

/** Seconds of the subject against those of the reference; CPU seconds and the range of both stand beside. */
export function againstSeconds(
  reference: string,
  turns: readonly Turn<Usage, Usage>[],
  details: Readonly<Record<string, unknown>> = {},
): Figures {
  const seconds = (of: 'subject' | 'reference') => turns.map((turn) => turn[of].seconds)
  const cpu = (of: 'subject' | 'reference') => rounded(median(turns.map((turn) => totalCpu(turn[of]))))
  const range = (of: 'subject' | 'reference') =>
    [Math.min, Math.max].map((end) => rounded(end(...seconds(of))))
  const value = median(seconds('subject'))
  const against = median(seconds('reference'))
  return {
    value: rounded(value),
    unit: 's',
    reference,
    against: rounded(against),
    ratio: rounded(value / against),
    peakRssMb: highestPeaks(turns.map(({ subject }) => subject)),
    details: {
      range: range('subject'),
      referenceRange: range('reference'),
      cpuSeconds: cpu('subject'),
      referenceCpuSeconds: cpu('reference'),
      ...details,
    },
    runs: turns.map(({ machine, subject, reference: other }) => ({ machine, subject, reference: other })),
  }
}

/** One line of a measurement, for progress. */
export function summary(rows: number, { seconds, usage }: Measured): string {
  const cpu = Object.entries(usage.cpuSeconds).map(([name, value]) => `${name} ${value}`)
  return `${Math.round(rows / seconds)} rows/s, CPU ${totalCpu(usage)} s (${cpu.join(', ')}), others ${usage.othersCpuSeconds} s, MB ${JSON.stringify(usage.peakRssMb)}`
}
