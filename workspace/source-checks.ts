/** What a JSON Schema cannot say about a source file: names, and settings that contradict each other. */
import { isGlob, matchesGlob, type SourceFile, type Stream, sourceIdProblem } from '@tributary/schemas'
import type { ProblemAt, YamlDocument } from './document.js'
import type { Problem } from './problem.js'
import { intervalProblems } from './schedule-checks.js'

/** Problems of a source's file beyond its schema. The document may be of any shape. */
export function checkSource(document: YamlDocument, id: string): readonly Problem[] {
  const idProblem = sourceIdProblem(id)
  const source = (document.value ?? {}) as Partial<SourceFile>
  const streams = streamsOf(document.value)
  const found: ProblemAt[] = [
    ...(idProblem
      ? [{ path: [], message: `the source id ${id} ${idProblem}`, remedy: 'rename the file' }]
      : []),
    ...intervalProblems(source.schedule, ['schedule']),
    ...streams.flatMap((stream, index) => [
      ...nameProblems(streams, index),
      ...modeProblems(stream).map((problem) => at(problem, 'streams', index)),
      ...renameProblems(stream).map((problem) => at(problem, 'streams', index)),
    ]),
  ]
  return found.map((problem) => document.problem(problem))
}

/** The entries of `streams` that are mappings with a name; others are the schema's business. */
export function streamsOf(value: unknown): readonly Stream[] {
  const streams = (value as Partial<SourceFile> | null)?.streams
  return Array.isArray(streams) && streams.every((stream) => typeof stream?.name === 'string') ? streams : []
}

function at(problem: ProblemAt, ...prefix: (string | number)[]): ProblemAt {
  return { ...problem, path: [...prefix, ...problem.path] }
}

function nameProblems(streams: readonly Stream[], index: number): ProblemAt[] {
  const { name } = streams[index]!
  const path = ['streams', index, 'name']
  const earlier = streams.slice(0, index)
  if (earlier.some((stream) => stream.name === name)) {
    return [{ path, message: `the stream ${name} is named twice`, remedy: 'keep one of the entries' }]
  }
  const shadow = earlier.find((stream) => isGlob(stream.name) && matchesGlob(stream.name, name))
  if (!shadow) return []
  const message = `the entry is never used: ${shadow.name} above matches first`
  return [{ path, message, remedy: `move it above ${shadow.name}`, severity: 'warning' }]
}

function modeProblems(stream: Stream): ProblemAt[] {
  const problems: ProblemAt[] = []
  if (stream.sync_mode === 'incremental' && stream.destination_sync_mode === 'overwrite') {
    problems.push({
      path: ['destination_sync_mode'],
      message: 'overwrite would keep only what an incremental read found last',
      remedy: 'use append_dedup or append, or sync_mode: full_refresh',
    })
  }
  if (stream.sync_mode === 'full_refresh' && stream.cursor_field !== undefined) {
    problems.push({
      path: ['cursor_field'],
      onKey: true,
      message: 'a full refresh uses no cursor',
      remedy: 'remove it, or use sync_mode: incremental',
      severity: 'warning',
    })
  }
  if (stream.lookback !== undefined && stream.destination_sync_mode !== 'append_dedup') {
    problems.push({
      path: ['lookback'],
      onKey: true,
      message: 'looking back reads rows again, which only append_dedup puts right',
      remedy: 'use destination_sync_mode: append_dedup, or remove lookback',
    })
  }
  return problems
}

function renameProblems(stream: Stream): ProblemAt[] {
  const rename = stream.fields?.rename
  if (typeof rename !== 'object' || rename === null) return []
  const taken = new Map<string, string>()
  return Object.entries(rename).flatMap(([field, name]) => {
    const other = taken.get(name)
    taken.set(name, field)
    if (other === undefined) return []
    const path = ['fields', 'rename', field]
    return [
      { path, message: `two fields become ${name}: ${other} and ${field}`, remedy: 'choose another name' },
    ]
  })
}
