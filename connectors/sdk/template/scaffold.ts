/** Writes a new connector package that compiles and passes the conformance suite as it is. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import { destinationFiles } from './destination-files.js'
import type { TemplateNames } from './names.js'
import { iconFile, packageFile, specJsonFile, specTypesFile, tsconfigFile } from './package-files.js'
import { sourceFiles } from './source-files.js'

export interface ScaffoldOptions {
  /** The new package's folder; it must be empty or not exist. */
  readonly directory: string
  /** Package name: `source-acme`, `@company/destination-acme`. */
  readonly name: string
  /** @default what the name begins with, else source */
  readonly kind?: TemplateNames['kind']
  /** What people read: `Acme`. @default from the name */
  readonly title?: string
}

/**
 * Writes the files and returns their paths, relative to the directory.
 * @throws ConnectorError ConfigInvalid for a name that npm refuses, or a folder that holds files
 */
export async function scaffoldConnector({
  directory,
  name,
  kind,
  title,
}: ScaffoldOptions): Promise<string[]> {
  const match = /^(?:@[a-z0-9][a-z0-9._-]*\/)?([a-z][a-z0-9-]*)$/.exec(name)
  if (!match) {
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      `creating the connector ${name}: a name has small letters, digits and hyphens; write it like source-acme or destination-acme`,
    )
  }
  const existing = await readdir(directory).catch(() => [])
  if (existing.length > 0) {
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      `creating the connector ${name}: ${directory} holds files already; choose another folder`,
    )
  }
  const fileName = match[1]!
  const words = fileName
    .replace(/^(source|destination)-/, '')
    .split('-')
    .filter(Boolean)
  const names: TemplateNames = {
    kind: kind ?? (fileName.startsWith('destination-') ? 'destination' : 'source'),
    packageName: name,
    fileName,
    title: plainText(title) || words.map(capital).join(' '),
    configType: `${words.map(capital).join('')}Config`,
  }
  const files: Readonly<Record<string, string>> = {
    'package.json': packageFile(names),
    'tsconfig.json': tsconfigFile(),
    'icon.svg': iconFile(),
    'spec.json': specJsonFile(names),
    'spec.ts': specTypesFile(names),
    ...(names.kind === 'source' ? sourceFiles(names) : destinationFiles(names)),
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text, { flag: 'wx' })
  }
  return Object.keys(files)
}

/** A title stands in comments and in quoted text of the code. */
function plainText(title: string | undefined): string {
  return (title ?? '')
    .replaceAll("'", '’')
    .replace(/[^\p{L}\p{N} .,&()+’-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
