/** A workspace: its files read, checked and understood. The files are drafts; workers read published revisions only. */
import {
  type ActivationFile,
  activationFileSchema,
  type DestinationFile,
  definitionIdProblem,
  destinationFileSchema,
  type IdentityFile,
  identityFileSchema,
  type MappingFile,
  mappingFileSchema,
  matchesGlob,
  type SegmentFile,
  type SourceFile,
  type Stream,
  segmentFileSchema,
  sourceFileSchema,
  type TraitsFile,
  traitsFileSchema,
  type WorkspaceFile,
  workspaceFileSchema,
} from '@tributary/schemas'
import { type Schema, schemaProblems } from '../runtime/validation.js'
import {
  checkConnector,
  checkDestination,
  type LoadConnector,
  type LoadDestination,
} from './connector-checks.js'
import { type ProblemAt, parseYaml, readDocument, type YamlDocument } from './document.js'
import {
  type Folder,
  fileOf,
  IDENTITY_FILE,
  idOf,
  readFiles,
  TRAITS_FILE,
  WORKSPACE_FILE,
  type WorkspaceFiles,
} from './files.js'
import { isApplicable, type Problem } from './problem.js'
import { retentionProblems } from './retention-checks.js'
import { intervalProblems } from './schedule-checks.js'
import { checkSource } from './source-checks.js'

export interface Workspace {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  readonly settings: WorkspaceFile
  /** By id, in alphabetical order. */
  readonly sources: readonly Source[]
  /** By id, in alphabetical order. */
  readonly mappings: readonly Definition<MappingFile>[]
  readonly identity?: IdentityFile
  /** Empty where there is no such file. */
  readonly traits: TraitsFile
  /** By id, in alphabetical order. */
  readonly segments: readonly Definition<SegmentFile>[]
  /** By id, in alphabetical order. */
  readonly destinations: readonly Destination[]
  /** By id, in alphabetical order. */
  readonly activations: readonly Activation[]
}

/** A file of a folder: its name is its id. */
export interface Definition<File> {
  readonly id: string
  readonly definition: File
}

export type Source = Definition<SourceFile>
export type Destination = Definition<DestinationFile>
export type Activation = Definition<ActivationFile>

/** A problem of one of the workspace's files, by the place in it. */
export interface ProblemIn extends ProblemAt {
  readonly file: string
}

/**
 * Says what is wrong between files that are each valid: names that nothing bears, cycles. Called only when every file has
 * the shape of its kind.
 */
export type CheckMeaning = (workspace: Workspace) => readonly ProblemIn[] | Promise<readonly ProblemIn[]>

/** What a check knows beyond the files; without a part, what it knows is not checked. */
export interface WorkspaceChecks {
  /** Knows the connectors that sources may name. */
  readonly loadConnector?: LoadConnector
  /** Knows the connectors that destinations may name. */
  readonly loadDestination?: LoadDestination
  readonly checkMeaning?: CheckMeaning
}

/** What reading a workspace gives: its files, what is wrong with them, and their meaning when nothing is. */
export interface ReadWorkspaceResult {
  readonly files: WorkspaceFiles
  readonly problems: readonly Problem[]
  /** Absent when there are errors. */
  readonly workspace?: Workspace
}

/**
 * Reads and checks a folder.
 * @throws when the folder itself cannot be read
 */
export async function readWorkspace(
  directory: string,
  checks: WorkspaceChecks = {},
): Promise<ReadWorkspaceResult> {
  const { files, problems } = await readFiles(directory)
  const checked = await checkWorkspace(files, checks)
  const all = [...problems, ...checked].sort(byPlace)
  return { files, problems: all, ...(isApplicable(all) ? { workspace: openWorkspace(files) } : {}) }
}

/** Everything that is wrong with these files, errors and warnings, in the order of files and lines. */
export async function checkWorkspace(
  files: WorkspaceFiles,
  { checkMeaning, ...connectors }: WorkspaceChecks = {},
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  const documents = new Map<string, YamlDocument>()
  for (const [file, text] of Object.entries(files)) {
    const document = readDocument(file, text)
    if ('problems' in document) {
      problems.push(...document.problems)
      continue
    }
    documents.set(file, document)
    problems.push(...(await checkDocument(document, connectors)))
  }
  if (checkMeaning && isApplicable(problems) && WORKSPACE_FILE in files) {
    for (const { file, ...problem } of await checkMeaning(openWorkspace(files))) {
      problems.push((documents.get(file) ?? documents.get(WORKSPACE_FILE))!.problem(problem))
    }
  }
  return problems.sort(byPlace)
}

/**
 * The meaning of files that have been checked, as every published revision has.
 * @throws when a file is no YAML
 */
export function openWorkspace(files: WorkspaceFiles): Workspace {
  const settings = parseYaml(files[WORKSPACE_FILE] ?? '') as WorkspaceFile
  const identity = files[IDENTITY_FILE]
  return {
    name: settings.workspace,
    timeZone: settings.time_zone ?? 'UTC',
    settings,
    sources: openFolder<SourceFile>(files, 'sources'),
    mappings: openFolder<MappingFile>(files, 'mappings'),
    ...(identity !== undefined && { identity: parseYaml(identity) as IdentityFile }),
    traits: (parseYaml(files[TRAITS_FILE] ?? '') ?? {}) as TraitsFile,
    segments: openFolder<SegmentFile>(files, 'segments'),
    destinations: openFolder<DestinationFile>(files, 'destinations'),
    activations: openFolder<ActivationFile>(files, 'activations'),
  }
}

function openFolder<File>(files: WorkspaceFiles, folder: Folder): readonly Definition<File>[] {
  return Object.keys(files)
    .map((file) => idOf(folder, file))
    .filter((id) => id !== undefined)
    .sort()
    .map((id) => ({ id, definition: parseYaml(files[fileOf(folder, id)]!) as File }))
}

/** One source of files that have been checked; undefined when there is none with this id. */
export function openSource(files: WorkspaceFiles, id: string): Source | undefined {
  return openFile<SourceFile>(files, 'sources', id)
}

/** The same for destinations. */
export function openDestination(files: WorkspaceFiles, id: string): Destination | undefined {
  return openFile<DestinationFile>(files, 'destinations', id)
}

function openFile<File>(files: WorkspaceFiles, folder: Folder, id: string): Definition<File> | undefined {
  const text = files[fileOf(folder, id)]
  return text === undefined ? undefined : { id, definition: parseYaml(text) as File }
}

/** Name of the workspace of files that have been checked, where one of its mappings reads a source; otherwise undefined. */
export function feedsProfilesOf(files: WorkspaceFiles, source: string): string | undefined {
  const isFed = openFolder<MappingFile>(files, 'mappings').some(({ definition }) =>
    definition.stream.startsWith(`${source}.`),
  )
  return isFed ? (parseYaml(files[WORKSPACE_FILE] ?? '') as WorkspaceFile).workspace : undefined
}

/** The entry that applies to a stream: the first whose name or glob matches. */
export function streamEntry(source: SourceFile, stream: string): Stream | undefined {
  return source.streams.find((entry) => matchesGlob(entry.name, stream))
}

async function checkDocument(
  document: YamlDocument,
  { loadConnector, loadDestination }: Omit<WorkspaceChecks, 'checkMeaning'>,
): Promise<readonly Problem[]> {
  const { file } = document
  const problems = schemaProblems(schemaOf(file), document.value).map((problem) => document.problem(problem))
  // Below here the document may be of any shape: each check looks at the parts that it knows.
  const source = idOf('sources', file)
  if (source !== undefined) {
    problems.push(...checkSource(document, source))
    if (loadConnector) problems.push(...(await checkConnector(document, loadConnector)))
  }
  if (idOf('destinations', file) !== undefined && loadDestination) {
    problems.push(...(await checkDestination(document, loadDestination)))
  }
  if (idOf('activations', file) !== undefined) {
    const { trigger } = (document.value ?? {}) as Partial<ActivationFile>
    const schedule = typeof trigger === 'object' ? trigger?.schedule : undefined
    problems.push(
      ...intervalProblems(schedule, ['trigger', 'schedule']).map((problem) => document.problem(problem)),
    )
  }
  if (file === WORKSPACE_FILE) {
    problems.push(...retentionProblems(document.value).map((problem) => document.problem(problem)))
  }
  for (const folder of ['mappings', 'segments', 'destinations', 'activations'] as const) {
    const id = idOf(folder, file)
    const problem = id === undefined ? undefined : definitionIdProblem(id)
    if (problem) problems.push(document.problem({ path: [], message: `${id} is no id`, remedy: problem }))
  }
  return problems
}

/** What a file of a workspace looks like, by its path. */
export function schemaOf(file: string): Schema {
  if (file === IDENTITY_FILE) return identityFileSchema
  if (file === TRAITS_FILE) return traitsFileSchema
  if (idOf('sources', file) !== undefined) return sourceFileSchema
  if (idOf('mappings', file) !== undefined) return mappingFileSchema
  if (idOf('segments', file) !== undefined) return segmentFileSchema
  if (idOf('destinations', file) !== undefined) return destinationFileSchema
  if (idOf('activations', file) !== undefined) return activationFileSchema
  return workspaceFileSchema
}

function byPlace(left: Problem, right: Problem): number {
  return left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column
}
