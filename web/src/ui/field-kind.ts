/** What the fields of a tool take, in words. */

const KINDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/date-time|timestamp/, 'date and time'],
  [/\bdate\b/, 'date'],
  [/^u?int|integer/, 'whole number'],
  [/number|decimal|float/, 'number'],
  [/bool/, 'yes or no'],
  [/array/, 'list'],
  [/object|json/, 'group of values'],
  [/string|text/, 'text'],
]

/** The kind of a field's values, as people say it; what is not known stays as it is. */
export function kindOf({ type }: { readonly type: string }): string {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? (type === 'any' ? 'anything' : type)
}
