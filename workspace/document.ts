/** One YAML file with positions: its value, and where each part of it stands. Bombs of anchors and of depth are refused. */
import {
  Composer,
  type CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Pair,
  Parser,
  visit,
  YAMLParseError,
} from 'yaml'
import { type Problem, renderPath } from './problem.js'

/** More aliases than any hand-written file needs; each may be expanded. */
const MAX_ALIASES = 20
/** Composing is recursive, and near the end of the stack it can take the whole process down. */
const MAX_DEPTH = 100

export interface YamlDocument {
  readonly file: string
  /** Plain JSON value. */
  readonly value: unknown
  /** A problem at a place of the document; the nearest existing place where the path does not exist. */
  problem(input: ProblemAt): Problem
}

export interface ProblemAt {
  readonly path: readonly (string | number)[]
  /** Point to the key rather than to its value. @default false */
  readonly onKey?: boolean
  readonly message: string
  readonly remedy: string
  /** @default error */
  readonly severity?: Problem['severity']
}

/** Reads a file's text. What is no YAML comes back as problems, never as an exception. */
export function readDocument(
  file: string,
  text: string,
): YamlDocument | { readonly problems: readonly Problem[] } {
  const lines = new LineCounter()
  try {
    const document = compose(text, lines)
    if (document.errors.length > 0) {
      const problems = document.errors.map((error) =>
        syntaxProblem(file, lines.linePos(error.pos[0]), error.message),
      )
      return { problems }
    }
    const value = plainValue(document)
    return {
      file,
      value,
      problem: ({ path, onKey = false, message, remedy, severity = 'error' }) => {
        const { line, col } = lines.linePos(offsetOf(document.contents, path, onKey))
        return {
          file,
          line: Math.max(line, 1),
          column: Math.max(col, 1),
          path: renderPath(path),
          message,
          remedy,
          severity,
        }
      },
    }
  } catch (error) {
    if (!(error instanceof YamlRefused)) throw error
    return { problems: [syntaxProblem(file, { line: 1, col: 1 }, error.message, 'write it out plainly')] }
  }
}

/**
 * The plain JSON value of a YAML text, under the same bounds.
 * @throws Error when it is no YAML
 */
export function parseYaml(text: string): unknown {
  const document = compose(text, new LineCounter())
  const [error] = document.errors
  if (error) throw error
  return plainValue(document)
}

/** @throws when aliases multiply, or lead back to themselves */
function plainValue(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    JSON.stringify(value)
    return value
  } catch {
    throw new YamlRefused('has too many aliases, or one that contains itself')
  }
}

/** Valid YAML that would cost too much to understand. */
class YamlRefused extends Error {
  override readonly name = 'YamlRefused'
}

function compose(text: string, lines: LineCounter): Document.Parsed {
  const composer = new Composer({
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
  })
  const [document, ...others] = composer.compose(tokens(text, lines), true, text.length)
  if (others.length > 0) {
    const [start, end] = others[0]!.range
    document!.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'A file holds one document only'))
  }
  refuseRepeatedKeys(document!)
  return document!
}

/** The library compares every pair of keys; files of many thousand keys would take minutes. */
function refuseRepeatedKeys(document: Document.Parsed): void {
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : key
        if (seen.has(name) && isNode(key) && key.range) {
          const [start, end] = key.range
          document.errors.push(new YAMLParseError([start, end], 'DUPLICATE_KEY', 'A key is written twice'))
        }
        seen.add(name)
      }
    },
  })
}

function* tokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > MAX_DEPTH) throw new YamlRefused('is nested too deeply')
  }
  yield* parser.end()
}

function syntaxProblem(
  file: string,
  position: { line: number; col: number },
  message: string,
  remedy = 'mend the YAML here',
): Problem {
  return {
    file,
    line: Math.max(position.line, 1),
    column: Math.max(position.col, 1),
    path: '',
    message: message.replace(/\.?\s*$/, ''),
    remedy,
    severity: 'error',
  }
}

function offsetOf(root: unknown, path: readonly (string | number)[], onKey: boolean): number {
  let node = root
  let offset = startOf(root) ?? 0
  for (const [index, part] of path.entries()) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === part)
      if (!pair) return offset
      const isLast = index === path.length - 1
      offset = (isLast && onKey ? startOf(pair.key) : (startOf(pair.value) ?? startOf(pair.key))) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      offset = startOf(node) ?? offset
    } else {
      return offset
    }
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
