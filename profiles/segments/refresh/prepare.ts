/** Compiles segments and puts them in order: what a segment names comes before it. */
import type { SegmentFile } from '@tributary/schemas'
import { meaningHash } from '../compile/context.js'
import type { CompiledSegment } from '../compile/types.js'

export interface SegmentInput {
  readonly id: string
  readonly definition: SegmentFile
}

export interface BrokenSegment {
  readonly id: string
  readonly error: string
}

export interface PreparedSegment {
  readonly compiled: CompiledSegment
  /** Of meaning, that of all segments which it names included. */
  readonly hash: string
}

export interface Prepared {
  readonly ordered: readonly PreparedSegment[]
  readonly broken: readonly BrokenSegment[]
}

/**
 * Never throws for a definition: what cannot be compiled, names something unknown or broken, or names itself, is broken.
 * @param compile throws what is wrong with a definition
 */
export function prepareSegments(
  segments: readonly SegmentInput[],
  broken: readonly BrokenSegment[],
  compile: (segment: SegmentInput) => CompiledSegment,
): Prepared {
  const inputs = new Map(segments.map((segment) => [segment.id, segment]))
  const errors = new Map(broken.map(({ id, error }) => [id, error]))
  const done = new Map<string, PreparedSegment>()
  const open = new Set<string>()

  const visit = (id: string): PreparedSegment | undefined => {
    const known = done.get(id)
    const input = inputs.get(id)
    if (known !== undefined || errors.has(id) || input === undefined) return known
    open.add(id)
    try {
      const compiled = compile(input)
      const nested = compiled.dependsOn.segments.map((name) => {
        if (open.has(name))
          throw new Error(`it names itself through segment ${name}; take one of the two out`)
        const segment = visit(name)
        if (segment !== undefined) return segment.hash
        throw new Error(
          errors.has(name)
            ? `segment ${name}, which it names, could not be evaluated`
            : `there is no segment ${name}; create it, or take the condition out`,
        )
      })
      const prepared = { compiled, hash: meaningHash([compiled.hash, ...nested]) }
      done.set(id, prepared)
      return prepared
    } catch (error) {
      errors.set(id, (error as Error).message)
      return undefined
    } finally {
      open.delete(id)
    }
  }
  for (const { id } of segments) visit(id)
  return { ordered: [...done.values()], broken: [...errors].map(([id, error]) => ({ id, error })) }
}
