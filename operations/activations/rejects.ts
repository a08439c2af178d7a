/** `tributary activate rejects`: who could not be sent, and why; they are tried again with every run. */
import { exportRejects, listRejects, type RejectedRecord } from '../../activation/rejects.js'
import { targetOf } from '../../activation/target.js'
import { type ActivationContext, knownActivation } from './published.js'

type RejectsContext = Pick<ActivationContext, 'warehouse'>

/** Newest first. @param limit @default 20 @throws ActivationUnknown */
export async function activationRejects(
  context: RejectsContext,
  activation: string,
  limit = 20,
): Promise<readonly RejectedRecord[]> {
  const { definition } = await knownActivation(context, activation, `listing rejects of ${activation}`)
  return listRejects(await context.warehouse(), activation, { target: targetOf(definition), limit })
}

/** All of them, a block at a time however many there are. @throws ActivationUnknown, the signal's reason */
export async function* exportActivationRejects(
  context: RejectsContext,
  activation: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<RejectedRecord> {
  const { definition } = await knownActivation(context, activation, `exporting rejects of ${activation}`)
  try {
    yield* exportRejects(await context.warehouse(), activation, {
      target: targetOf(definition),
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
