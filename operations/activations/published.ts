/** Published activations by name, and errors about names that nothing bears. */
import type { Activation, Workspace } from '../../workspace/workspace.js'
import type { OperationContext } from '../context.js'
import { nameHint } from '../people/published.js'
import { publishedRevision } from '../published-workspace.js'

export type ActivationContext = Pick<OperationContext, 'temporal' | 'warehouse'>

/** The published workspace has no such activation. */
export class ActivationUnknown extends Error {
  override readonly name = 'ActivationUnknown'
}

/** The newest published workspace; undefined before the first. */
export async function publishedWorkspace({
  warehouse,
}: Pick<ActivationContext, 'warehouse'>): Promise<Workspace | undefined> {
  return (await publishedRevision(await warehouse()))?.workspace
}

/** @param doing the beginning of the error's sentence @throws ActivationUnknown with the nearest name */
export async function knownActivation(
  context: Pick<ActivationContext, 'warehouse'>,
  id: string,
  doing: string,
): Promise<Activation> {
  const { activations = [] } = (await publishedWorkspace(context)) ?? {}
  const found = activations.find((activation) => activation.id === id)
  if (found) return found
  const ids = activations.map((activation) => activation.id)
  const hint = nameHint(id, ids, `write activations/${id}.yaml and run tributary apply`)
  throw new ActivationUnknown(`${doing}: no activation ${id} is published; ${hint}`)
}
