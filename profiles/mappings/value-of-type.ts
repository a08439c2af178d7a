/** How values of a column's type become values of a property or trait, identifiers and times. */
import { type ColumnType, formatType, parseType } from '../../warehouse/types/type.js'
import { PROPERTY_TYPES, type ValueKind } from '../facts/values.js'

const TIME = /^DateTime(\(|$)|^Date$/
/** Types without a text of their own; JSON stands for them. */
const COMPOSITE = /^(JSON|Map|Tuple|Nested|Variant|Dynamic|Object|Array)\b/

/** Which of the five kinds values of a ClickHouse type have. */
export function kindOfType(type: string): ValueKind {
  const { base } = parseType(type)
  switch (base.kind) {
    case 'Int':
    case 'Float':
    case 'Decimal':
      return 'number'
    case 'Bool':
      return 'boolean'
    case 'Date32':
    case 'DateTime64':
      return 'time'
    case 'Array':
      return 'list'
    case 'Other':
      return TIME.test(base.text) ? 'time' : 'text'
    default:
      return 'text'
  }
}

/** True for types whose values can tell people apart. */
export function isScalar(type: string): boolean {
  return !isComposite(parseType(type))
}

/** SQL: the text of a value; null where it is null, or no finite number. The numbers 12 and 12.0 are the text 12. */
export function textOf(type: string, value: string): string {
  const parsed = parseType(type)
  if (isComposite(parsed)) return `if(isNull(${value}), NULL, toJSONString(${value}))`
  const { base } = parsed
  if (base.kind === 'Float') return `if(isFinite(${value}), CAST(${value}, 'Nullable(String)'), NULL)`
  if (base.kind === 'Other' && base.text.startsWith('FixedString(')) return `toStringCutToZero(${value})`
  return `CAST(${value}, 'Nullable(String)')`
}

/** SQL: a value as a property of its type's kind. Null (an empty list) where there is none. */
export function propertyValue(type: string, value: string): string {
  const parsed = parseType(type)
  const kind = kindOfType(type)
  switch (kind) {
    case 'number': {
      const number = `toFloat64(${value})`
      return parsed.base.kind === 'Float' ? `if(isFinite(${number}), ${number}, NULL)` : number
    }
    case 'time':
      return timeOf(value)
    case 'list': {
      const item = parsed.base.kind === 'Array' ? formatType(parsed.base.of) : 'String'
      return `CAST(arrayFilter(text -> isNotNull(text), arrayMap(item -> ${textOf(item, 'item')}, ${value})), 'Array(String)')`
    }
    case 'text':
      return textOf(type, value)
    case 'boolean':
      return `CAST(${value}, ${quoted(PROPERTY_TYPES.boolean)})`
  }
}

/** SQL: a date or time, in UTC to the millisecond. */
export const timeOf = (value: string): string => `toDateTime64(${value}, 3, 'UTC')`

const isComposite = (type: ColumnType): boolean => COMPOSITE.test(formatType({ ...type, nullable: false }))

const quoted = (type: string): string => `'${type.replaceAll("'", "\\'")}'`
