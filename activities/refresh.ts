/** The steps of a refresh: each stages what it writes, and one has it accepted. Thin: the work is in profiles/. */
import { publishedState } from '../profiles/identity/identity-state.js'
import { stageIdentity } from '../profiles/identity/stage-identity.js'
import { settleMapping } from '../profiles/mappings/settle-mapping.js'
import { dropMapping, MappingRefused, stageMapping } from '../profiles/mappings/stage-mapping.js'
import { sweepFacts } from '../profiles/mappings/sweep-facts.js'
import { prepareDictionaries, reloadProfileOf, reloadRecordOf } from '../profiles/people/dictionaries.js'
import { EVERYONE } from '../profiles/segments/refresh/sources.js'
import { type SegmentReport, stageSegments } from '../profiles/segments/refresh/stage-segments.js'
import { sweepVersions } from '../profiles/segments/refresh/sweep-versions.js'
import { acceptStep, type StagedLoad, type StepContext } from '../profiles/steps/derived-load.js'
import { stageTraits } from '../profiles/traits/stage-traits.js'
import { sweepTraits } from '../profiles/traits/sweep-traits.js'
import { selectRows } from '../warehouse/query.js'
import { recordRefresh } from '../warehouse/refreshes.js'
import type {
  AcceptStepInput,
  IdentityStepResult,
  MappingStepInput,
  RefreshPlan,
  RefreshReport,
  SegmentLine,
  SegmentsStepResult,
  StepInput,
  StepResult,
} from '../workflows/refresh-contract.js'
import { readDocument } from '../workspace/document.js'
import { fileOf, type WorkspaceFiles } from '../workspace/files.js'
import { renderProblem } from '../workspace/problem.js'
import { openWorkspace, type Workspace } from '../workspace/workspace.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { publishedRevision } from './opened-source.js'
import { origin } from './origin.js'
import { withHeartbeat } from './progress.js'

/** Lines of segments that a result carries: more than anyone reads in a workflow's history. */
const MAX_LINES = 60

export function createRefresh(deps: ActivityDeps) {
  const { warehouse } = deps

  /** Runs a step with the workspace of its revision. */
  function inStep<Result>(
    { revision, now }: StepInput,
    work: (context: StepContext, workspace: Workspace, files: WorkspaceFiles) => Promise<Result>,
  ): Promise<Result> {
    return withHeartbeat(deps.draining, async ({ signal, report }) => {
      const { files } = await publishedRevision(deps, revision)
      const context: StepContext = {
        warehouse,
        origin: origin(revision),
        now: new Date(now),
        signal,
        progress: (text) => report({ doing: text }),
      }
      return work(context, openWorkspace(files), files)
    })
  }

  return {
    /** Pins the revision, lists the mappings, and mends what a round left that ended while something was accepted. */
    async loadRefreshPlan(_input: Readonly<Record<string, never>>): Promise<RefreshPlan> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const { revision, files } = await publishedRevision(deps, undefined)
        const workspace = openWorkspace(files)
        await prepareDictionaries(warehouse, deps.dictionaryUser)
        const mappings = workspace.mappings.map(({ id }) => id)
        const mapped = await mappedBefore(deps)
        for (const mapping of mapped) {
          await settleMapping({ warehouse, origin: origin(revision), signal }, mapping)
        }
        return {
          revision,
          mappings,
          gone: mapped.filter((mapping) => !mappings.includes(mapping)),
          segments: workspace.segments.length,
          ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }),
        }
      })
    },

    /** Stages the facts of what is new in a mapping's stream. */
    async stageMapping(input: MappingStepInput): Promise<StepResult> {
      return inStep(input, async (context, workspace, files) => {
        const found = workspace.mappings.find(({ id }) => id === input.mapping)
        if (!found) throw configInvalid(`mapping ${input.mapping}: the revision has none of this name`)
        const identity = identityOf(workspace)
        try {
          return result(await stageMapping(context, { name: found.id, mapping: found.definition, identity }))
        } catch (error) {
          throw error instanceof MappingRefused ? configInvalid(inFile(error, files)) : error
        }
      })
    },

    /** Stages the end of a mapping's facts. */
    async stageMappingGone(input: MappingStepInput): Promise<StepResult> {
      return inStep(input, async (context) => result(await dropMapping(context, input.mapping)))
    },

    /** Stages who is who. */
    async stageIdentity(input: StepInput): Promise<IdentityStepResult> {
      return inStep(input, async (context, workspace) => {
        const staged = await stageIdentity(context, { identity: identityOf(workspace), ...everybody(input) })
        const state = staged?.load.state ?? JSON.stringify((await publishedState(warehouse)) ?? {})
        const { report } = JSON.parse(state) as { report?: Partial<IdentityStepResult> }
        const { identifiers = 0, profiles = 0 } = report ?? {}
        const news = staged ? report : undefined
        return {
          ...result(staged),
          identifiers,
          profiles,
          merged: news?.merged ?? 0,
          split: news?.split ?? 0,
          conflicts: news?.conflicts ?? 0,
        }
      })
    },

    /** Stages the traits of those who may have changed. */
    async stageTraits(input: StepInput): Promise<StepResult> {
      return inStep(input, async (context, { traits, timeZone }) =>
        result(
          await stageTraits(context, { traits, timeZone, ...(input.full === true && { rebuild: true }) }),
        ),
      )
    },

    /** Stages who is in which segment. A segment that fails is a line of the result. */
    async stageSegments(input: StepInput): Promise<SegmentsStepResult> {
      return inStep(input, async (context, { segments, timeZone }) => {
        const { staged, report } = await stageSegments(context, { segments, timeZone, ...everybody(input) })
        return segmentsResult(staged, report)
      })
    },

    /** Has a staged step accepted: from now on it is what everybody sees. */
    async acceptRefreshStep({ revision, staged }: AcceptStepInput): Promise<void> {
      await withHeartbeat(deps.draining, async ({ signal }) => {
        await acceptStep(warehouse, staged, origin(revision))
        const { stream } = staged
        if (stream.startsWith(MAPPING)) {
          await settleMapping({ warehouse, origin: origin(revision), signal }, stream.slice(MAPPING.length))
        }
        if (stream === 'identity') await reloadProfileOf(warehouse)
        if (stream === 'traits') await reloadRecordOf(warehouse)
      })
    },

    /** Keeps a round's report, once. */
    async recordRefresh(report: RefreshReport): Promise<void> {
      await recordRefresh(warehouse, report)
    },

    /** Clears away what nobody can see any more; what it leaves, the next one takes. */
    async sweepRefreshed(_input: Readonly<Record<string, never>>): Promise<void> {
      await withHeartbeat(deps.draining, async () => {
        await sweepFacts(warehouse)
        await sweepTraits(warehouse)
        await sweepVersions(warehouse)
      })
    },
  }
}

const everybody = ({ full }: StepInput) => (full === true ? { full } : {})

const MAPPING = 'mapping/'

const result = (staged: StagedLoad | undefined): StepResult => (staged ? { staged } : {})

function segmentsResult(
  staged: StagedLoad | undefined,
  report: readonly SegmentReport[],
): SegmentsStepResult {
  const segments: readonly SegmentLine[] = report.filter(({ segment }) => segment !== EVERYONE)
  const sum = (count: (line: SegmentLine) => number) =>
    segments.reduce((total, line) => total + count(line), 0)
  const moved = ({ entered, left, error }: SegmentLine) => (error === undefined ? entered + left : Infinity)
  return {
    ...result(staged),
    lines: [...segments].sort((a, b) => Math.sign(moved(b) - moved(a)) || 0).slice(0, MAX_LINES),
    segments: segments.length,
    failed: segments.filter(({ error }) => error !== undefined).length,
    entered: sum(({ entered }) => entered),
    left: sum(({ left }) => left),
    everyone: report.find(({ segment }) => segment === EVERYONE)?.size ?? 0,
  }
}

/** The refusal with file, line and path of each problem. */
function inFile({ mapping, problems, message }: MappingRefused, files: WorkspaceFiles): string {
  const file = fileOf('mappings', mapping)
  const document = readDocument(file, files[file] ?? '')
  if ('problems' in document) return message
  return problems.map((problem) => renderProblem(document.problem(problem))).join(' · ')
}

function identityOf({ identity }: Workspace) {
  if (identity) return identity
  throw configInvalid('refreshing: the workspace has no identity.yaml; write one and run `tributary apply`')
}

/** Mappings that have facts. */
async function mappedBefore({ warehouse }: ActivityDeps): Promise<string[]> {
  const rows = await selectRows<{ mapping: string }>(
    warehouse,
    `SELECT substring(loads.stream, ${MAPPING.length + 1}) AS mapping
     FROM (SELECT * FROM tributary.valid_loads_of(source = 'cdp')) AS loads
     WHERE startsWith(loads.stream, '${MAPPING}') AND loads.event = 'accepted'
     GROUP BY loads.stream HAVING JSONExtractString(argMax(loads.state, (loads.epoch, loads.sequence)), 'hash') != ''
     ORDER BY mapping`,
  )
  return rows.map(({ mapping }) => mapping)
}
