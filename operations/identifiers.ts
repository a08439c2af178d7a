/** Types of identifiers of identity.yaml, as forms read them and add to them. */
import { type Identifier, type IdentityFile, identityFileSchema } from '@tributary/schemas'
import { schemaProblems } from '../runtime/validation.js'
import { parseYaml } from '../workspace/document.js'
import { editYaml } from '../workspace/edit-yaml.js'
import { IDENTITY_FILE, readFiles } from '../workspace/files.js'
import { etagOf } from '../workspace/write-file.js'
import type { OperationContext } from './context.js'
import { type FilesContext, type FileView, writeFileText } from './workspace-files.js'

/** The draft of identity.yaml; undefined where there is none, or it has errors. */
export async function draftIdentity({
  workspaceDir,
}: Pick<OperationContext, 'workspaceDir'>): Promise<IdentityFile | undefined> {
  const { files } = await readFiles(workspaceDir)
  return identityIn(files[IDENTITY_FILE])
}

/**
 * Adds types that identity.yaml does not have, behind those that it has: what is there keeps its priority. Types whose name
 * tells what they are get the rules that fit.
 * @param region ISO 3166 country of phone numbers without a country code
 */
export async function addIdentifiers(
  context: FilesContext,
  types: readonly string[],
  region?: string,
): Promise<FileView> {
  const { files } = await readFiles(context.workspaceDir)
  const text = files[IDENTITY_FILE]
  const identity = identityIn(text) ?? { identifiers: {}, block: { values: NOBODY } }
  const added = types.filter((type) => !Object.hasOwn(identity.identifiers, type))
  const identifiers = {
    ...identity.identifiers,
    ...Object.fromEntries(added.map((type) => [type, rulesOf(type, region)])),
  }
  const edited = editYaml(text ?? '', { ...identity, identifiers })
  return writeFileText(context, IDENTITY_FILE, edited, text === undefined ? null : etagOf(text))
}

/** What people write where there is nothing to write: it would make one person of all of them. */
const NOBODY = ['', '-', '0', 'n/a', 'na', 'none', 'null', 'undefined', 'unknown']

/** One person has one number at a business, and several addresses and devices. */
function rulesOf(type: string, region: string | undefined): Identifier {
  if (/email|mail/.test(type)) return { normalize: 'email', limit: 5 }
  if (/phone|mobile/.test(type)) return { normalize: 'phone', ...(region && { region }), limit: 5 }
  if (/anonymous|device|cookie/.test(type)) return { limit: 50 }
  return { unique: true }
}

function identityIn(text: string | undefined): IdentityFile | undefined {
  if (text === undefined) return undefined
  try {
    const value = parseYaml(text)
    return schemaProblems(identityFileSchema, value).length === 0 ? (value as IdentityFile) : undefined
  } catch {
    return undefined
  }
}
