/** Which files make up a workspace, and how they are read from a folder: known names only, bounded sizes, no way out. */
import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Problem } from './problem.js'

/** The files of a workspace: text by path, with `/`. */
export type WorkspaceFiles = Readonly<Record<string, string>>

/** The workspace's own file. */
export const WORKSPACE_FILE = 'tributary.yaml'
export const IDENTITY_FILE = 'identity.yaml'
export const TRAITS_FILE = 'traits.yaml'

const SINGLE_FILES = [WORKSPACE_FILE, IDENTITY_FILE, TRAITS_FILE]
const SINGLE_KINDS = {
  [WORKSPACE_FILE]: 'workspace',
  [IDENTITY_FILE]: 'identity',
  [TRAITS_FILE]: 'traits',
} as const
/** What a file of a workspace is about. */
export type FileKind =
  | (typeof SINGLE_KINDS)[keyof typeof SINGLE_KINDS]
  | 'source'
  | 'mapping'
  | 'segment'
  | 'destination'
  | 'activation'
const FOLDERS = ['sources', 'mappings', 'segments', 'destinations', 'activations'] as const
/** A folder of which each file `<id>.yaml` is one thing. */
export type Folder = (typeof FOLDERS)[number]

/** The largest file that is read. */
export const MAX_FILE_BYTES = 262_144
const MAX_FILES = 10_000

/** The id of a path, where it is one of `<folder>/<id>.yaml`. */
export function idOf(folder: Folder, file: string): string | undefined {
  return file.startsWith(`${folder}/`) ? /^[^/]+\/([^/]+)\.yaml$/.exec(file)?.[1] : undefined
}

/** Whether a workspace may have a file of this path. */
export function isKnownFile(file: string): boolean {
  return (
    SINGLE_FILES.includes(file) ||
    FOLDERS.some((folder) => /^[A-Za-z0-9]\P{Cc}*$/u.test(idOf(folder, file) ?? ''))
  )
}

/** The kind of a known file, by its folder: `source`; a single file is called as itself. */
export function kindOf(file: string): FileKind | undefined {
  const folder = FOLDERS.find((name) => idOf(name, file) !== undefined)
  if (folder) return folder.slice(0, -1) as FileKind
  return SINGLE_FILES.includes(file) ? SINGLE_KINDS[file as keyof typeof SINGLE_KINDS] : undefined
}

/** The path of a thing's file. */
export function fileOf(folder: Folder, id: string): string {
  return `${folder}/${id}.yaml`
}

/**
 * Reads the known files of a folder. What cannot be read comes back as problems.
 * @throws when the folder itself cannot be read
 */
export async function readFiles(
  directory: string,
): Promise<{ readonly files: WorkspaceFiles; readonly problems: readonly Problem[] }> {
  const root = await realpath(directory).catch((error: unknown) => {
    throw new Error(`reading workspace ${directory}: there is no such folder; run tributary init there`, {
      cause: error,
    })
  })
  const files: Record<string, string> = {}
  const problems: Problem[] = []
  const names = await knownFiles(root, problems)
  await Promise.all(
    names.map(async (file) => {
      const result = await readBounded(root, file)
      if ('text' in result) files[file] = result.text
      else problems.push(fileProblem(file, result.message, result.remedy))
    }),
  )
  if (!names.includes(WORKSPACE_FILE)) {
    problems.push(
      fileProblem(WORKSPACE_FILE, 'is missing', 'run tributary init, or choose the folder with --workspace'),
    )
  }
  return { files, problems }
}

/** A text that differs once a file was written, added or removed. No file is opened. */
export async function filesMark(directory: string): Promise<string> {
  const names = await knownFiles(directory, [])
  const marks = await Promise.all(
    names.map(async (name) => {
      const found = await stat(path.join(directory, name)).catch(() => undefined)
      return `${name} ${found?.size} ${found?.mtimeMs}`
    }),
  )
  return createHash('sha256').update(marks.join('\n')).digest('hex')
}

async function knownFiles(root: string, problems: Problem[]): Promise<string[]> {
  const present = await readdir(root)
  const names = SINGLE_FILES.filter((file) => present.includes(file))
  for (const folder of FOLDERS) {
    const found = await readdir(path.join(root, folder)).catch(() => [])
    for (const name of found.sort()) {
      const file = `${folder}/${name}`
      if (name.endsWith('.yaml')) names.push(file)
      else if (name.endsWith('.yml')) problems.push(fileProblem(file, 'is not read', 'rename it to .yaml'))
    }
  }
  if (names.length <= MAX_FILES) return names
  problems.push(
    fileProblem(WORKSPACE_FILE, `the workspace has more than ${MAX_FILES} files`, 'split the workspace'),
  )
  return names.slice(0, MAX_FILES)
}

async function readBounded(
  root: string,
  file: string,
): Promise<{ readonly text: string } | { readonly message: string; readonly remedy: string }> {
  try {
    const real = await realpath(path.join(root, file))
    if (!real.startsWith(`${root}${path.sep}`)) {
      return { message: 'is a link that leaves the workspace', remedy: 'copy the file into the workspace' }
    }
    const { size, isRegular } = await stat(real).then((stats) => ({
      size: stats.size,
      isRegular: stats.isFile(),
    }))
    if (!isRegular) return { message: 'is not a regular file', remedy: 'replace it by a file' }
    if (size > MAX_FILE_BYTES) {
      return { message: `is larger than ${MAX_FILE_BYTES} bytes`, remedy: 'use globs, or split the source' }
    }
    return { text: await readFile(real, 'utf8') }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return { message: `cannot be read (${code})`, remedy: 'check its permissions' }
  }
}

function fileProblem(file: string, message: string, remedy: string): Problem {
  return { file, line: 1, column: 1, path: '', message, remedy, severity: 'error' }
}
