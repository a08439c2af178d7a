/** The documentation says what is: links resolve, the reference is current, files are valid, commands and names exist. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConnectorErrorKind } from '@tributary/connector-sdk'
import { FailureType } from '../activities/failures.js'
import { ExitCode } from '../cli/errors.js'
import { createProgram } from '../cli/program.js'
import { connectorFacts, destinationFacts } from '../operations/connector-facts.js'
import { SEARCH_ATTRIBUTES } from '../runtime/search-attributes.js'
import type { LoadConnector, LoadDestination } from '../workspace/connector-checks.js'
import { renderProblem } from '../workspace/problem.js'
import { checkWorkspace } from '../workspace/workspace.js'
import { badCommands, codeBlocks, commandLines, npmScripts } from './support/documents.js'
import { brokenLinks } from './support/links.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** Every page, by its path from the root. */
const pages = new Map(
  [
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
    ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  ].map((file) => [file, read(file)]),
)
/** What people wrote; the help of the commands is not. */
const written = [...pages].filter(([file]) => file !== 'docs/reference/cli.md')

describe('the documentation', function () {
  this.timeout(60_000)

  it('has a current reference', () => {
    const script = path.join(root, 'scripts/generate-docs.mjs')
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
    assert.deepEqual([status, stdout, stderr], [0, '', ''])
  })

  it('links to what exists', () => {
    assert.deepEqual(brokenLinks(root, pages), [])
  })

  it('shows workspace files that are valid', async () => {
    const workspace = path.join(root, 'examples/grocer')
    const [from, to] = [connectorFacts(workspace), destinationFacts(workspace)]
    // Acme is the vendor that guides imagine.
    const isImagined = (name: string) => /acme/.test(name)
    const loadConnector: LoadConnector = async (name) => (isImagined(name) ? { spec: {} } : from(name))
    const loadDestination: LoadDestination = async (name) => (isImagined(name) ? { spec: {} } : to(name))
    const found = written.flatMap(([page, text]) =>
      codeBlocks(text, 'yaml').map((block) => ({ page, ...workspaceFile(block) })),
    )
    const problems = await Promise.all(
      found.map(async ({ page, file, text }) => {
        const about = await checkWorkspace({ [file]: text }, { loadConnector, loadDestination })
        return about.map((problem) => `${page}: ${renderProblem(problem)}`)
      }),
    )
    assert.deepEqual(problems.flat(), [])
  })

  it('names commands, options and scripts that exist', async () => {
    const program = await createProgram()
    const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts
    const problems = written.flatMap(([page, text]) => [
      ...badCommands(program, commandLines(text)).map((problem) => `${page}: ${problem}`),
      ...npmScripts(text)
        .filter((name) => !(name in scripts))
        .map((name) => `${page}: there is no script ${name}`),
    ])
    assert.deepEqual(problems, [])
  })

  const complete: readonly [page: string, names: readonly string[]][] = [
    ['errors', [...Object.values(ConnectorErrorKind), ...Object.values(FailureType)]],
    ['search-attributes', Object.keys(SEARCH_ATTRIBUTES)],
    ['exit-codes', Object.values(ExitCode).map(String)],
    ['environment', environmentVariables()],
  ]
  for (const [page, names] of complete) {
    it(`lists all ${page.replace('-', ' ')}`, () => {
      const rows = read(`docs/reference/${page}.md`)
        .split('\n')
        .filter((line) => line.startsWith('|'))
      const missing = names.filter((name) => !rows.some((row) => new RegExp(`\\| .*\\b${name}\\b`).test(row)))
      assert.deepEqual(missing, [])
    })
  }
})

/** The first line of a block says which file it is; an entry of `streams` stands in a source of its own. */
function workspaceFile(block: string): { readonly file: string; readonly text: string } {
  const [first = ''] = block.split('\n')
  const named =
    /^# ((?:tributary|identity|traits)\.yaml|(?:sources|mappings|segments|destinations|activations)\/[\w-]+\.yaml)/.exec(
      first,
    )
  if (named) return { file: named[1]!, text: block }
  assert.equal(first, '# a stream', `this YAML block names no file: ${first}`)
  const entry = block.replace(/\n/g, '\n    ')
  const config = 'config: { host: db, database: shop, user: reader }'
  return {
    file: 'sources/shop.yaml',
    text: `connector: source-postgres\n${config}\nstreams:\n  -\n    ${entry}`,
  }
}

/** Variables that the program reads, as its sources name them. */
function environmentVariables(): string[] {
  const folders = ['activities', 'cli', 'connectors', 'local', 'operations', 'runtime', 'server', 'warehouse']
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.ts$/.test(file) && !/\.(test|testing|d)\.ts$|dist\/|node_modules\/|test\//.test(file),
      )
      .map((file) => path.join(folder, file)),
  )
  const names = ['worker.ts', ...files]
    .filter((file) => existsSync(path.join(root, file)))
    .flatMap((file) => [...read(file).matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].map((match) => match[1]!))
  return [...new Set(names)].filter((name) => name !== 'PATH').sort()
}
