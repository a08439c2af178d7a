/** Links of Markdown pages within the repository, and what is wrong with them. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** `page: target` of every relative link whose file or heading does not exist. */
export function brokenLinks(root: string, pages: ReadonlyMap<string, string>): string[] {
  return [...pages].flatMap(([page, text]) =>
    linksOf(text)
      .filter((target) => !resolves(root, page, target))
      .map((target) => `${page}: ${target}`),
  )
}

/** Targets that are not on the web, without those in code. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target))
}

function resolves(root: string, page: string, target: string): boolean {
  const [file = '', heading] = target.split('#')
  const resolved = file === '' ? path.join(root, page) : path.join(root, path.dirname(page), file)
  if (!existsSync(resolved)) return false
  return heading === undefined || anchors(readFileSync(resolved, 'utf8')).includes(heading)
}

/** Anchors of a page's headings, as GitHub makes them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
