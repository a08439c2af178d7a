/** The checks of a workspace's files that need connectors and the meaning of profiles and activations. */
import { checkDefinitions } from '../profiles/definitions/check-definitions.js'
import { vocabulary } from '../profiles/definitions/vocabulary.js'
import { checkSegments } from '../profiles/segments/check-segment.js'
import { fileOf, TRAITS_FILE } from '../workspace/files.js'
import type { ProblemIn, Workspace, WorkspaceChecks } from '../workspace/workspace.js'
import { activationProblems } from './activation-checks.js'
import { connectorFacts, destinationFacts } from './connector-facts.js'

/** Every check that can be made without a server. */
export function workspaceChecks(workspaceDir: string): WorkspaceChecks {
  return {
    loadConnector: connectorFacts(workspaceDir),
    loadDestination: destinationFacts(workspaceDir),
    checkMeaning: async (workspace) => [
      ...checkMeaning(workspace),
      ...(await activationProblems(workspace, workspaceDir)),
    ],
  }
}

/** What is wrong between the files of mappings, identity, traits and segments. */
export function checkMeaning(workspace: Workspace): readonly ProblemIn[] {
  const sources = new Set(workspace.sources.map(({ id }) => id))
  const ofPeople = checkDefinitions(workspace, sources).map(({ about, id, ...problem }) => ({
    ...problem,
    file: about === 'mapping' ? fileOf('mappings', id) : TRAITS_FILE,
  }))
  const ofSegments = checkSegments(workspace.segments, vocabulary(workspace)).map(
    ({ segment, ...problem }) => ({ ...problem, file: fileOf('segments', segment) }),
  )
  return [...ofPeople, ...ofSegments]
}
