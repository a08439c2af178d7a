/**
 * Templates: texts with values in `{{ … }}`, each with filters after `|`. Parsed once to a flat list; nothing is compiled, no
 * names but those of references are looked up, and what a template makes is never read as one.
 */
import { type Filter, filterOf } from './filters.js'
import { parseReference, type Reference } from './reference.js'

export type TemplatePart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'output'; readonly reference: Reference; readonly filters: readonly Filter[] }

const MAX_CHARACTERS = 10_000
const MAX_OUTPUTS = 100
const MAX_FILTERS = 20

/** @throws SyntaxError in words for the author of the file */
export function parseTemplate(template: string): readonly TemplatePart[] {
  if (template.length > MAX_CHARACTERS)
    throw new SyntaxError(`the template is longer than ${MAX_CHARACTERS} characters; shorten it`)
  const parts: TemplatePart[] = []
  let position = 0
  while (position < template.length) {
    const opens = template.indexOf('{{', position)
    const text = template.slice(position, opens === -1 ? undefined : opens)
    if (text !== '') parts.push({ is: 'text', text })
    if (opens === -1) break
    const output = new OutputParser(template, opens + 2)
    parts.push(output.parse())
    position = output.position
  }
  if (parts.filter(({ is }) => is === 'output').length > MAX_OUTPUTS)
    throw new SyntaxError(`the template has more than ${MAX_OUTPUTS} values; make several fields of it`)
  return parts
}

/** Reads one `reference | filter: argument, …}}`. */
class OutputParser {
  constructor(
    private readonly text: string,
    /** Of the next character. */
    public position: number,
  ) {}

  parse(): TemplatePart {
    const reference = parseReference(this.#until(/\||}}/g))
    const filters: Filter[] = []
    while (this.#take('|')) filters.push(this.#filter())
    if (!this.#take('}}')) throw this.#error('expected | or }}')
    if (filters.length > MAX_FILTERS) throw this.#error(`more than ${MAX_FILTERS} filters`)
    return { is: 'output', reference, filters }
  }

  #filter(): Filter {
    const name = this.#until(/:|\||}}/g)
    const values: (string | number)[] = []
    if (this.#take(':')) {
      do values.push(this.#argument())
      while (this.#take(','))
    }
    return filterOf(name, values)
  }

  #argument(): string | number {
    this.#blanks()
    const quote = this.text[this.position]
    if (quote === '"' || quote === "'") return this.#quoted(quote)
    const number = /-?[0-9]{1,9}(\.[0-9]{1,9})?/y
    number.lastIndex = this.position
    const found = number.exec(this.text)?.[0]
    if (found === undefined) throw this.#error('expected a number, or a text in quotes')
    this.position += found.length
    return Number(found)
  }

  #quoted(quote: string): string {
    let value = ''
    for (let at = this.position + 1; at < this.text.length; at++) {
      const character = this.text[at]!
      if (character === quote) {
        this.position = at + 1
        return value
      }
      if (character === '\\') at += 1
      value += this.text[at] ?? ''
    }
    throw this.#error(`the text has no ${quote} at its end`)
  }

  /** The text before what the pattern finds, without blanks around. */
  #until(pattern: RegExp): string {
    pattern.lastIndex = this.position
    const end = pattern.exec(this.text)?.index
    if (end === undefined) throw this.#error('{{ has no }}')
    const text = this.text.slice(this.position, end).trim()
    this.position = end
    return text
  }

  #take(token: string): boolean {
    this.#blanks()
    if (!this.text.startsWith(token, this.position)) return false
    this.position += token.length
    return true
  }

  #blanks(): void {
    while (/\s/.test(this.text[this.position] ?? '')) this.position += 1
  }

  #error(problem: string): SyntaxError {
    return new SyntaxError(`the template is not readable at character ${this.position + 1}: ${problem}`)
  }
}
