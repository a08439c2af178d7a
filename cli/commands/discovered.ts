/** Streams of a source and objects of a destination as people read them. */
import type { DiscoveredStream } from '../../operations/connector-answers.js'
import type { DiscoveredField, DiscoveredObject } from '../../operations/discovered-objects.js'
import type { Invocation } from '../command.js'
import { table } from '../format.js'

type Paint = Invocation['output']['paint']

export function streamWords(stream: DiscoveredStream, paint: Paint): string {
  if (stream.unreadable !== undefined)
    return `${paint('bold', stream.name)}: ${paint('yellow', stream.unreadable)}`
  const key = stream.primaryKey.length > 0 ? `key ${stream.primaryKey.join(', ')}` : 'no key'
  const candidates =
    stream.cursorCandidates.length > 0 ? `cursor one of ${stream.cursorCandidates.join(', ')}` : 'no cursor'
  const cursor = stream.cursor === null ? candidates : `cursor ${stream.cursor}`
  const fields = table(
    [{ title: '  field' }, { title: 'type' }],
    stream.fields.map(({ name, type }) => [`  ${name}`, type]),
  )
  return `${paint('bold', stream.name)}: ${key}, ${cursor}\n${fields}`
}

export function objectWords(object: DiscoveredObject, paint: Paint): string {
  const { name, title, operations, matchKeys, openFields, fields } = object
  const keys = matchKeys.map((key) => key.join(' + ')).join(', or ')
  const about = [
    ...(title === name ? [] : [title]),
    operations.join(', '),
    `found by ${keys || 'whatever the activation names'}`,
    `${object.batch} records a call`,
    REPEATED[object.idempotency] ?? object.idempotency,
    UNDONE[object.undo] ?? object.undo,
  ]
  const rows = [
    ...fields.map((field) => [`  ${field.name}`, field.type, fieldNotes(field)]),
    ...(openFields ? [['  any other', 'any', '']] : []),
  ]
  const columns = ['  field', 'type', 'note'].map((column) => ({ title: column }))
  return `${paint('bold', name)}: ${about.join('; ')}\n${table(columns, rows)}`
}

const REPEATED: Readonly<Record<string, string>> = {
  natural: 'repeating is safe',
  keyed: 'repeating is safe',
  none: 'a repeated call may count twice',
}

const UNDONE: Readonly<Record<string, string>> = {
  inverse: 'a run can be taken back',
  compensate: 'a run can be taken back by opposite events',
  none: 'a run cannot be taken back',
}

function fieldNotes({ required, hashed, oneOf, maxLength, title }: DiscoveredField): string {
  const notes = [
    ...(title === undefined ? [] : [title]),
    ...(required ? ['required'] : []),
    ...(hashed ? ['sent as a hash'] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(oneOf ? [`one of ${oneOf.slice(0, 6).join(', ')}${oneOf.length > 6 ? ', …' : ''}`] : []),
  ]
  return notes.join('; ')
}
