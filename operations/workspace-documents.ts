/**
 * Files of the workspace as values: what a form shows and edits. A file that an engineer wrote keeps its comments and its
 * order; what is edited is the draft, and publishing it leaves the drafts of others alone.
 */
import { schemaProblems } from '../runtime/validation.js'
import { latestRevision } from '../warehouse/revisions.js'
import { parseYaml } from '../workspace/document.js'
import { editYaml } from '../workspace/edit-yaml.js'
import { type Folder, fileOf, readFiles } from '../workspace/files.js'
import type { Problem } from '../workspace/problem.js'
import { schemaOf } from '../workspace/workspace.js'
import { etagOf } from '../workspace/write-file.js'
import {
  type DraftState,
  deleteFile,
  draftState,
  type FilesContext,
  FileUnknown,
  readFileView,
  writeFileText,
} from './workspace-files.js'

/** A file as a value. */
export interface DocumentView<File> {
  readonly id: string
  readonly path: string
  readonly state: DraftState
  /** Null: it is published, and its draft was deleted. */
  readonly etag: string | null
  readonly text: string
  /** Null: the text has not the shape of its kind; its problems say where. */
  readonly definition: File | null
  readonly problems: readonly Problem[]
}

/** The draft, or what is published where there is no draft any more. @throws FileUnknown with the nearest path */
export async function readWorkspaceDocument<File>(
  context: FilesContext,
  folder: Folder,
  id: string,
): Promise<DocumentView<File>> {
  const path = fileOf(folder, id)
  try {
    const { state, etag, text, problems } = await readFileView(context, path)
    return { id, path, state, etag, text, definition: definitionIn<File>(path, text), problems }
  } catch (error) {
    if (!(error instanceof FileUnknown)) throw error
    const text = (await latestRevision(await context.warehouse()))?.files[path]
    if (text === undefined) throw error
    const state = draftState(undefined, text)
    return { id, path, state, etag: null, text, definition: definitionIn<File>(path, text), problems: [] }
  }
}

/**
 * Writes the value into the draft, whose comments and order stay.
 * @param before a text whose comments and order are kept instead. @default the draft, or else what is published
 * @param expected etag of the draft that it replaces; null: there is none yet
 * @throws FileNameInvalid, FileTooLarge, EtagMismatch
 */
export async function writeWorkspaceDocument<File>(
  context: FilesContext,
  folder: Folder,
  id: string,
  definition: File,
  expected: string | null,
  before?: string,
): Promise<DocumentView<File>> {
  const path = fileOf(folder, id)
  const text = editYaml(before ?? (await textBefore(context, path, expected)), definition)
  const view = await writeFileText(context, path, text, expected)
  return {
    id,
    path,
    state: view.state,
    etag: view.etag,
    text: view.text,
    definition: definitionIn<File>(path, view.text),
    problems: view.problems,
  }
}

/** Another draft than the expected one is refused before this edit of it is written. */
async function textBefore(context: FilesContext, path: string, expected: string | null): Promise<string> {
  const { files } = await readFiles(context.workspaceDir)
  const draft = files[path]
  if (draft !== undefined) return etagOf(draft) === expected ? draft : ''
  return (await latestRevision(await context.warehouse()))?.files[path] ?? ''
}

/** Deletes the draft. @throws EtagMismatch */
export function deleteWorkspaceDocument(
  context: FilesContext,
  folder: Folder,
  id: string,
  expected: string,
): Promise<void> {
  return deleteFile(context, fileOf(folder, id), expected)
}

function definitionIn<File>(path: string, text: string): File | null {
  try {
    const value = parseYaml(text)
    return schemaProblems(schemaOf(path), value).length === 0 ? (value as File) : null
  } catch {
    return null
  }
}
