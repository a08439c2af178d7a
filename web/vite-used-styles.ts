/** Mantine's one style sheet has the rules of every component; those of components that the page does not use are left out. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postcss from 'postcss'
import type { Plugin } from 'vite'

const SHEET = /@mantine\/core\/styles\.css$/
const INDEX = fileURLToPath(import.meta.resolve('@mantine/core'))
/** What the library names each of its classes. */
const CLASS = /\bm_[0-9a-f]+\b/g

/** Folders whose files say which components are used: the page's own, and those of libraries on top of this one. */
const USERS = [
  fileURLToPath(new URL('src', import.meta.url)),
  dirname(fileURLToPath(import.meta.resolve('@mantine/notifications'))),
]

/** Leaves a component's rules in as soon as any of its users imports it. */
export function usedStyles(): Plugin {
  return {
    name: 'used-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!SHEET.test(id)) return undefined
      const used = classesOf(componentsIn(USERS.flatMap(filesIn)))
      return { code: without(code, (name) => !used.has(name)), map: null }
    },
  }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .map((name) => join(folder, name))

/** Names that are imported from the library. */
function componentsIn(files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files
      .flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from ["']@mantine\/core["']/g),
      ])
      .flatMap(([, names]) => names!.split(',').map((name) => name.trim().split(' as ')[0]!)),
  )
}

/** Classes of these components and of all that they are made of. */
function classesOf(components: ReadonlySet<string>): ReadonlySet<string> {
  const classes = new Set<string>()
  const visited = new Set<string>()
  const visit = (file: string) => {
    if (visited.has(file)) return
    visited.add(file)
    const code = readFileSync(file, 'utf8')
    for (const [name] of code.matchAll(CLASS)) classes.add(name)
    for (const [, path] of code.matchAll(/from "(\.[^"]+)"/g)) visit(join(dirname(file), path!))
  }
  for (const [, names, path] of readFileSync(INDEX, 'utf8').matchAll(
    /import \{([^}]*)\} from "(\.[^"]+)"/g,
  )) {
    const isUsed = names!.split(',').some((name) => components.has(name.trim()))
    if (isUsed) visit(join(dirname(INDEX), path!))
  }
  return classes
}

/** The sheet without rules that only match elements of such classes. */
function without(sheet: string, isUnused: (name: string) => boolean): string {
  const root = postcss.parse(sheet)
  root.walkRules((rule) => {
    const selectors = rule.selectors.filter((selector) => !(selector.match(CLASS) ?? []).some(isUnused))
    if (selectors.length === 0) rule.remove()
    else rule.selectors = selectors
  })
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove()
  })
  return root.toString()
}
