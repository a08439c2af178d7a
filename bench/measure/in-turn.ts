/** Measures subject and reference in turn, so that whatever else the machine does meets both alike. */
import { type MachineState, watchMachine } from './machine.js'

export interface Turn<Subject, Reference> {
  readonly machine: MachineState
  readonly subject: Subject
  readonly reference: Reference
}

export async function inTurn<Subject, Reference>(
  runs: number,
  subject: () => Promise<Subject>,
  reference: () => Promise<Reference>,
): Promise<Turn<Subject, Reference>[]> {
  const turns: Turn<Subject, Reference>[] = []
  for (let run = 0; run < runs; run++) {
    const machine = await watchMachine()
    turns.push({ machine, subject: await subject(), reference: await reference() })
  }
  return turns
}
