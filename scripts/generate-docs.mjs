/**
 * Writes the generated part of docs/reference/: workspace files and results from the JSON Schemas, connectors from their
 * specs, the command line from its help, timeouts from workflows/policies.ts. It needs a build (`npm run build`). With
 * `--check` it writes nothing and exits 1 where a page has drifted.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandHelps } from './docs/commands.mjs'
import { code, page, plain, table } from './docs/markdown.mjs'
import { policiesTable, prioritiesTable } from './docs/policies.mjs'
import { schemaSections } from './docs/schema.mjs'
import { semanticsSections } from './docs/semantics.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reference = path.join(root, 'docs/reference')
const check = process.argv.includes('--check')

const readText = (file) => readFile(path.join(root, file), 'utf8')
const readJson = async (file) => JSON.parse(await readText(file))
const readSchema = (name) => readJson(`schemas/${name}.schema.json`)

const INPUTS = new Set([
  'workspace-file',
  'source-file',
  'mapping-file',
  'identity-file',
  'traits-file',
  'segment-file',
  'destination-file',
  'activation-file',
  'connector-package',
])

async function inputPage(name) {
  const schema = await readSchema(name)
  const origin = `schemas/${name}.schema.json`
  return page(origin, schema.title, plain(schema.description), schemaSections(schema))
}

/** Every other schema describes what a command prints. */
async function resultsPage() {
  const names = (await readdir(path.join(root, 'schemas')))
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => name.replace('.schema.json', ''))
    .filter((name) => !INPUTS.has(name))
  const schemas = await Promise.all(names.sort().map(readSchema))
  const sections = schemas.flatMap((schema) => [
    `## ${schema.title}`,
    plain(schema.description),
    ...schemaSections(schema).map((part) => part?.replace(/^## /, '### ')),
  ])
  return page(
    'schemas/',
    'Results',
    'With `--json` a command prints exactly one JSON document on stdout. Keys are only ever added.',
    sections,
  )
}

/** Folders of packages with a spec, by name. */
async function connectorFolders() {
  const names = await readdir(path.join(root, 'connectors'))
  const found = names.map((name) => `connectors/${name}`)
  found.push('examples/grocer/connectors/source-loyalty')
  return found.filter((folder) => existsSync(path.join(root, folder, 'spec.json'))).sort()
}

async function connectorPage(folder) {
  const [spec, manifest] = await Promise.all([
    readJson(`${folder}/spec.json`),
    readJson(`${folder}/package.json`),
  ])
  const { kind, title, status = 'beta', triedOnLiveAccount: tried } = manifest.tributary
  const live =
    tried === undefined ? '' : tried ? ', tried on a live account' : ', not tried on a live account yet'
  const does = kind === 'source' ? 'reads, and its types' : 'writes, and its objects'
  const name = path.basename(folder)
  const readme = `../../../${folder}/README.md`
  return page(
    `${folder}/spec.json`,
    `${title} (${kind})`,
    plain(spec.description),
    `Written as ${code(`connector: ${folder.startsWith('examples') ? `./connectors/${name}` : name}`)}. Status: ${status}${live}. How it ${does}: [README](${readme}).`,
    '## Configuration',
    schemaSections(spec),
  )
}

async function connectorsIndex(folders) {
  const rows = await Promise.all(
    folders.map(async (folder) => {
      const { tributary, description } = await readJson(`${folder}/package.json`)
      const name = path.basename(folder)
      return [
        `[${name}](${name}.md)`,
        tributary.kind,
        tributary.status ?? 'beta',
        { true: 'tried', false: 'not tried' }[tributary.triedOnLiveAccount] ?? '',
        tributary.description ?? description,
      ]
    }),
  )
  return page(
    'the connectors’ package.json',
    'Connectors',
    table(['connector', 'kind', 'status', 'live account', 'what'], rows),
    'A connector of your own: [Write a connector](../../how-to/write-a-connector.md), or [a destination](../../how-to/write-a-destination.md).',
  )
}

async function cliPage() {
  const { createProgram } = await import(new URL('../dist/cli/program.js', import.meta.url).href)
  const helps = commandHelps(await createProgram())
  return page(
    'the help of the commands',
    'Command line',
    'What `tributary --help` and `tributary <command> --help` print. From a checkout it is `npx tributary`, or `node dist/cli/main.js`.',
    helps.map(({ name, help }) => `## ${name}\n\n\`\`\`text\n${help}\n\`\`\``),
  )
}

/** The table is computed by the evaluator that people are explained with. */
async function semanticsPage() {
  const semantics = await import(new URL('../dist/profiles/segments/semantics.js', import.meta.url).href)
  const origin = 'profiles/segments/semantics.ts and scripts/docs/semantics.mjs'
  return page(origin, 'What segments mean', semanticsSections(semantics))
}

async function policiesPage() {
  const source = await readText('workflows/policies.ts')
  const policies = await import(new URL('../dist/workflows/policies.js', import.meta.url).href)
  return page(
    'workflows/policies.ts',
    'Timeouts and retries',
    'Every activity around a sync runs under one of these policies. No workflow is retried as a whole: that would hide its first failure.',
    policiesTable(source, policies),
    '## Priorities',
    'Where workers are busy, slices with a lower number go first; within one priority sources take turns.',
    prioritiesTable(policies),
  )
}

async function pages() {
  const folders = await connectorFolders()
  const connectors = folders.map(async (folder) => [
    `connectors/${path.basename(folder)}.md`,
    await connectorPage(folder),
  ])
  return new Map(
    await Promise.all([
      ...[...INPUTS].map(async (name) => [`${name}.md`, await inputPage(name)]),
      ['results.md', await resultsPage()],
      ['connectors/README.md', await connectorsIndex(folders)],
      ...connectors,
      ['cli.md', await cliPage()],
      ['policies.md', await policiesPage()],
      ['segment-semantics.md', await semanticsPage()],
    ]),
  )
}

/** Generated pages that nothing generates any more. */
async function leftOver(wanted) {
  const files = await readdir(path.join(reference, 'connectors')).catch(() => [])
  return files.map((file) => `connectors/${file}`).filter((file) => !wanted.has(file))
}

if (!existsSync(path.join(root, 'dist/cli/program.js'))) {
  console.error('generating the reference: there is no build; run npm run build first')
  process.exit(1)
}

const drifted = []
const wanted = await pages()
for (const [file, text] of wanted) {
  const target = path.join(reference, file)
  if (existsSync(target) && (await readFile(target, 'utf8')) === text) continue
  drifted.push(file)
  if (check) continue
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, text)
}
for (const file of await leftOver(wanted)) {
  drifted.push(file)
  if (!check) await rm(path.join(reference, file))
}
for (const file of drifted)
  console.log(check ? `docs/reference/${file} has drifted` : `wrote docs/reference/${file}`)
if (check && drifted.length > 0) {
  console.log('run node scripts/generate-docs.mjs and commit the result')
  process.exitCode = 1
}
