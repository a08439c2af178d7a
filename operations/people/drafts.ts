/** The definitions in the workspace's folder, as they are being written: checked like `tributary validate` does, not published. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { IdentityFile } from '@tributary/schemas'
import { type Folder, fileOf, idOf, readFiles, type WorkspaceFiles } from '../../workspace/files.js'
import { isApplicable, type Problem, renderProblem } from '../../workspace/problem.js'
import { checkWorkspace, openWorkspace, type Workspace } from '../../workspace/workspace.js'
import { checkMeaning } from '../workspace-checks.js'
import { nameHint } from './published.js'

/** A draft has errors: nothing was done with it. */
export class DraftInvalid extends Error {
  override readonly name = 'DraftInvalid'
  constructor(
    doing: string,
    readonly problems: readonly Problem[],
  ) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    super(
      `${doing}: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; ${errors.slice(0, 3).map(renderProblem).join('; ')}`,
    )
  }
}

/** The folder has no such file. */
export class DraftUnknown extends Error {
  override readonly name = 'DraftUnknown'
}

/** Drafts that are each valid, and fit each other. */
export interface Drafts extends Workspace {
  readonly files: WorkspaceFiles
  readonly identity: IdentityFile
}

/** One draft among the others. */
export interface Draft {
  readonly id: string
  /** Its path in the workspace. */
  readonly file: string
  /** As somebody named the file. */
  readonly shownAs: string
  readonly drafts: Drafts
}

/**
 * Reads the folder's drafts. Faulty segments and sources that the wanted file does not need are left out.
 * @param wanted the file that has to be right
 * @throws DraftInvalid
 */
export async function readDrafts(directory: string, doing: string, wanted: string): Promise<Drafts> {
  return checkDrafts(await filesOfPeople(directory), doing, wanted, wanted)
}

/**
 * A draft by its name, or by the path of a file, which may lie anywhere.
 * @throws DraftUnknown with the nearest name, DraftInvalid
 */
export async function readDraft(directory: string, folder: Folder, nameOrFile: string): Promise<Draft> {
  const doing = `previewing ${nameOrFile}`
  const files = await filesOfPeople(directory)
  const named = fileOf(folder, nameOrFile)
  if (named in files) return draftOf(files, folder, named, named)
  if (!/[./\\]/.test(nameOrFile)) {
    const names = Object.keys(files).flatMap((file) => idOf(folder, file) ?? [])
    throw new DraftUnknown(
      `${doing}: there is no ${named}; ${nameHint(nameOrFile, names, 'write it, or give the path of a file')}`,
    )
  }
  const absolute = path.resolve(directory, nameOrFile)
  const text = await readFile(absolute, 'utf8').catch((error: unknown) => {
    throw new DraftUnknown(`${doing}: the file cannot be read; check its path`, { cause: error })
  })
  const file = fileOf(folder, path.basename(absolute).replace(/\.ya?ml$/, ''))
  return draftOf({ ...files, [file]: text }, folder, file, nameOrFile)
}

/** Where people are sent to is of no matter to what they are. */
async function filesOfPeople(directory: string): Promise<WorkspaceFiles> {
  const { files } = await readFiles(directory)
  const kept = Object.entries(files).filter(([file]) => !/^(destinations|activations)\//.test(file))
  return Object.fromEntries(kept)
}

async function draftOf(files: WorkspaceFiles, folder: Folder, file: string, shownAs: string): Promise<Draft> {
  const doing = `previewing ${shownAs}`
  const id = idOf(folder, file)
  if (id === undefined) throw new DraftUnknown(`${doing}: ${file} is no name of a draft; rename the file`)
  return { id, file, shownAs, drafts: await checkDrafts(files, doing, file, shownAs) }
}

async function checkDrafts(
  files: WorkspaceFiles,
  doing: string,
  wanted: string,
  shownAs: string,
): Promise<Drafts> {
  const problems = await checkWorkspace(files, { checkMeaning })
  // What files mean is asked once all of them can be read, so leaving some out may bring faults of others to light.
  for (let kept = files, found = problems; ; found = await checkWorkspace(kept, { checkMeaning })) {
    if (isApplicable(found)) return open(kept, doing)
    const others = withoutFaulty(kept, found, wanted)
    if (others === undefined) break
    kept = others
  }
  throw new DraftInvalid(
    doing,
    problems.map((problem) => (problem.file === wanted ? { ...problem, file: shownAs } : problem)),
  )
}

/** Without the faulty segments and sources but the wanted one; undefined where that leaves none out. */
function withoutFaulty(
  files: WorkspaceFiles,
  problems: readonly Problem[],
  wanted: string,
): WorkspaceFiles | undefined {
  const faulty = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file))
  const kept = Object.entries(files).filter(
    ([file]) => file === wanted || !faulty.has(file) || !/^(segments|sources)\//.test(file),
  )
  return kept.length < Object.keys(files).length ? Object.fromEntries(kept) : undefined
}

function open(files: WorkspaceFiles, doing: string): Drafts {
  const workspace = openWorkspace(files)
  if (workspace.identity) return { ...workspace, files, identity: workspace.identity }
  throw new DraftUnknown(`${doing}: there is no identity.yaml to say what identifiers are; write one`)
}
