/** How leaves combine: people as bitmaps, negation as what everyone has beyond them. */
import type { Bitmaps } from './types.js'

export type Formula =
  | { readonly is: 'everyone' }
  | { readonly is: 'nobody' }
  | { readonly is: 'leaf'; readonly hash: string }
  | { readonly is: 'segment'; readonly id: string }
  | { readonly is: 'not'; readonly of: Formula }
  | { readonly is: 'all' | 'any'; readonly of: readonly Formula[] }

export const EVERYONE: Formula = { is: 'everyone' }
export const NOBODY: Formula = { is: 'nobody' }

export const not = (of: Formula): Formula => (of.is === 'not' ? of.of : { is: 'not', of })

/** True where the formula cannot be said without everyone. */
export function readsEveryone(formula: Formula): boolean {
  if (formula.is === 'all') {
    const positive = formula.of.filter(({ is }) => is !== 'not')
    const inner = formula.of.map((part) => (part.is === 'not' ? part.of : part))
    return positive.length === 0 || inner.some(readsEveryone)
  }
  if (formula.is === 'any') return formula.of.some(readsEveryone)
  return formula.is === 'everyone' || formula.is === 'not'
}

/** SQL expression of a bitmap. */
export function bitmapSql(formula: Formula, bitmaps: Bitmaps): string {
  switch (formula.is) {
    case 'everyone':
      return bitmaps.everyone
    case 'nobody':
      return 'bitmapBuild(emptyArrayUInt32())'
    case 'leaf':
      return bitmaps.leaf(formula.hash)
    case 'segment':
      return bitmaps.segment(formula.id)
    case 'not':
      return `bitmapAndnot(${bitmaps.everyone}, ${bitmapSql(formula.of, bitmaps)})`
    case 'any':
      return fold(
        'bitmapOr',
        formula.of.map((part) => bitmapSql(part, bitmaps)),
      )
    case 'all': {
      const among = (negative: boolean) =>
        formula.of
          .filter(({ is }) => (is === 'not') === negative)
          .map((part) => bitmapSql(part.is === 'not' ? part.of : part, bitmaps))
      const positive = among(false)
      const both = fold('bitmapAnd', positive.length === 0 ? [bitmaps.everyone] : positive)
      return fold('bitmapAndnot', [both, ...among(true)])
    }
  }
}

const fold = (apply: string, parts: readonly string[]): string =>
  parts.reduce((left, right) => `${apply}(${left}, ${right})`)
