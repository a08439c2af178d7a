/** How everything goes, at one look: what comes in, who is known, who is where, what leaves, and what needs attention. */
import { referencedSecrets } from '../runtime/secrets/provider.js'
import { listRetentions } from '../warehouse/retention/retention-runs.js'
import type { RevisionLine } from '../warehouse/revisions.js'
import { latestRevision } from '../warehouse/revisions.js'
import type { RetentionReport } from '../workflows/retention-contract.js'
import { openWorkspace, readWorkspace } from '../workspace/workspace.js'
import { type ActivationLine, listActivations } from './activations/list.js'
import { answered, answeringTemporal } from './answering.js'
import { type Attention, attention } from './attention.js'
import { catalogueTitles } from './connector-catalogue.js'
import type { OperationContext } from './context.js'
import { lookAtPollers } from './pollers.js'
import { type RefreshResult, refreshes } from './refresh.js'
import { listSources, type SourceLine } from './source-lines.js'
import { workspaceChecks } from './workspace-checks.js'
import { draftState } from './workspace-files.js'
import { workspaceIdentity } from './workspace-identity.js'

export interface Overview {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** What is published; null before the first. */
  readonly revision: RevisionLine | null
  readonly drafts: {
    /** Files that differ from what is published. */
    readonly changed: number
    /** Files with errors. */
    readonly faulty: number
  }
  readonly sources: readonly SourceLine[]
  /** Null before the first refresh. */
  readonly people: PeopleLine | null
  readonly mappings: number
  readonly segments: number
  readonly destinations: readonly DestinationLine[]
  readonly activations: readonly ActivationLine[]
  /** Worker processes that live. */
  readonly workers: number
  readonly attention: readonly Attention[]
}

export interface PeopleLine {
  readonly profiles: number
  readonly identifiers: number
  readonly outcome: RefreshResult['outcome']
  /** ISO 8601: the moment that they are up to. */
  readonly refreshedAt: string
}

export interface DestinationLine {
  readonly id: string
  /** What its file calls the connector. */
  readonly connector: string
  /** The product's name. */
  readonly title: string
}

/** Answers also where Temporal does not: then the list of attention begins with that. */
export async function overview(context: OperationContext): Promise<Overview> {
  const [identity, read, latest, sources, activations, client, [refresh], [retention]] = await Promise.all([
    workspaceIdentity(context),
    readWorkspace(context.workspaceDir, workspaceChecks(context.workspaceDir)),
    context.warehouse().then(latestRevision),
    listSources(context),
    listActivations(context, { evenWithoutTemporal: true }),
    answeringTemporal(context),
    refreshes(context, 1),
    context.warehouse().then((warehouse) => listRetentions<RetentionReport>(warehouse, 1)),
  ])
  const polling = await answered(client, (open) => lookAtPollers(open))
  const published = latest && openWorkspace(latest.files)
  const files = { ...latest?.files, ...read.files }
  const changed = Object.keys(files)
    .filter((path) => draftState(read.files[path], latest?.files[path]) !== 'published')
    .sort()
  const errors = read.problems.filter(({ severity }) => severity === 'error')
  const faulty = [...new Set(errors.map(({ file }) => file))]
  const titles = catalogueTitles(context.workspaceDir)
  return {
    ...identity,
    revision: latest ? revisionLine(latest) : null,
    drafts: { changed: changed.length, faulty: faulty.length },
    sources,
    people: refresh ? peopleLine(refresh) : null,
    mappings: published?.mappings.length ?? 0,
    segments: published?.segments.length ?? 0,
    destinations: (published?.destinations ?? []).map(({ id, definition: { connector } }) => ({
      id,
      connector,
      title: titles.get(connector) ?? connector,
    })),
    activations,
    workers: polling?.workers.length ?? 0,
    attention: attention({
      idleQueues: polling?.idle,
      sources,
      activations,
      refresh,
      retention,
      mappings: published?.mappings.length ?? 0,
      faulty,
      changed,
      missingSecrets: await missingSecrets(
        context,
        [...(published?.sources ?? []), ...(published?.destinations ?? [])].map(
          ({ definition }) => definition.config,
        ),
      ),
    }),
  }
}

function revisionLine({ revision, number, author, message, appliedAt }: RevisionLine): RevisionLine {
  return { revision, number, author, message, appliedAt }
}

function peopleLine({ profiles, identifiers, outcome, now }: RefreshResult): PeopleLine {
  return { profiles, identifiers, outcome, refreshedAt: now }
}

async function missingSecrets(
  { secrets }: Pick<OperationContext, 'secrets'>,
  configs: readonly unknown[],
): Promise<readonly string[]> {
  const names = referencedSecrets(configs)
  const values = await Promise.all(names.map((name) => secrets.get(name)))
  return names.filter((_name, index) => values[index] === undefined)
}
