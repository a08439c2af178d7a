/** The workspace's files as they are being written: listed, read, and written so that two people who edit one lose nothing. */
import { canonicalJson, nearestName } from '@tributary/schemas'
import { latestRevision } from '../warehouse/revisions.js'
import { parseYaml } from '../workspace/document.js'
import { type FileKind, kindOf, readFiles, type WorkspaceFiles } from '../workspace/files.js'
import type { Problem } from '../workspace/problem.js'
import { readWorkspace } from '../workspace/workspace.js'
import { etagOf, writeWorkspaceFile } from '../workspace/write-file.js'
import type { OperationContext } from './context.js'
import { workspaceChecks } from './workspace-checks.js'

export type FilesContext = Pick<OperationContext, 'workspaceDir' | 'warehouse'>

/** How a file stands to what is published; `removed`: it is published, and there is no file any more. */
export type DraftState = 'published' | 'new' | 'changed' | 'removed'

export interface FileLine {
  /** With `/`. */
  readonly path: string
  readonly kind: FileKind
  /** Of the thing that it describes; null for a file of its own kind. */
  readonly id: string | null
  /** Names its content; null where there is no file any more. */
  readonly etag: string | null
  readonly state: DraftState
}

export interface FileView extends FileLine {
  readonly text: string
  readonly etag: string
  /** What is wrong with it, also together with the others. */
  readonly problems: readonly Problem[]
}

/** The workspace has no such file. */
export class FileUnknown extends Error {
  override readonly name = 'FileUnknown'
}

/** Every file, and those that are published only, by path. */
export async function listFiles(context: FilesContext): Promise<readonly FileLine[]> {
  const [{ files }, published] = await Promise.all([readFiles(context.workspaceDir), publishedFiles(context)])
  const paths = [...new Set([...Object.keys(files), ...Object.keys(published)])].sort()
  return paths.map((path) => fileLine(path, files[path], published[path]))
}

/** @throws FileUnknown with the nearest path */
export async function readFileView(context: FilesContext, path: string): Promise<FileView> {
  const [{ files, problems }, published] = await Promise.all([
    readWorkspace(context.workspaceDir, workspaceChecks(context.workspaceDir)),
    publishedFiles(context),
  ])
  const text = Object.hasOwn(files, path) ? files[path] : undefined
  if (text === undefined) throw fileUnknown(path, Object.keys(files))
  return {
    ...fileLine(path, text, published[path]),
    text,
    etag: etagOf(text),
    problems: problems.filter(({ file }) => file === path),
  }
}

/**
 * Keeps a text as the file's draft, whether or not it is right: its problems come back with it.
 * @param expected etag of the text that it replaces; null: there is none yet
 * @throws FileNameInvalid, FileTooLarge, EtagMismatch with the text as it is now
 */
export async function writeFileText(
  context: FilesContext,
  path: string,
  text: string,
  expected: string | null,
): Promise<FileView> {
  await writeWorkspaceFile(context.workspaceDir, path, text, expected)
  return readFileView(context, path)
}

/** Deletes the draft; what is published stays until it is applied. @throws FileNameInvalid, EtagMismatch */
export async function deleteFile(context: FilesContext, path: string, expected: string): Promise<void> {
  await writeWorkspaceFile(context.workspaceDir, path, null, expected)
}

async function publishedFiles({ warehouse }: FilesContext): Promise<WorkspaceFiles> {
  return (await latestRevision(await warehouse()))?.files ?? {}
}

function fileLine(path: string, draft: string | undefined, published: string | undefined): FileLine {
  const id = /^[^/]+\/(.+)\.yaml$/.exec(path)?.[1] ?? null
  const etag = draft === undefined ? null : etagOf(draft)
  return { path, kind: kindOf(path) ?? 'workspace', id, etag, state: draftState(draft, published) }
}

/** By what the files mean: comments and spacing change nothing. */
export function draftState(draft: string | undefined, published: string | undefined): DraftState {
  if (published === undefined) return 'new'
  if (draft === undefined) return 'removed'
  return draft === published || meaning(draft) === meaning(published) ? 'published' : 'changed'
}

function meaning(text: string): string {
  try {
    return canonicalJson(parseYaml(text))
  } catch {
    // No YAML: the text itself is all that it means.
    return text
  }
}

function fileUnknown(path: string, paths: readonly string[]): FileUnknown {
  const meant = nearestName(path, paths)
  const remedy = meant === undefined ? 'choose one of the list' : `did you mean ${meant}?`
  return new FileUnknown(`reading ${path}: the workspace has no such file; ${remedy}`)
}
