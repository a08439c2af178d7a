/**
 * An account of HubSpot in memory: properties, records, lists. What it accepts and how it says no is written from
 * https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide and
 * https://developers.hubspot.com/docs/api-reference/error-handling.
 */

export interface PortalProperty {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly fieldType: string
  readonly description?: string
  readonly groupName?: string
  readonly options?: readonly { label: string; value: string; hidden: boolean }[]
  readonly hasUniqueValue?: boolean
  readonly hidden?: boolean
  readonly hubspotDefined?: boolean
  readonly calculated?: boolean
  readonly modificationMetadata?: {
    archivable: boolean
    readOnlyDefinition: boolean
    readOnlyValue: boolean
  }
}

export interface PortalRecord {
  readonly id: string
  readonly properties: Map<string, string>
  readonly createdAt: string
}

export interface PortalObject {
  readonly objectTypeId: string
  readonly properties: Map<string, PortalProperty>
  readonly records: Map<string, PortalRecord>
}

export interface PortalList {
  readonly listId: string
  readonly name: string
  readonly objectTypeId: string
  readonly processingType: 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT'
  readonly members: Set<string>
}

/** One thing wrong with a property's value, as error bodies name it. */
export interface ValueProblem {
  readonly error: string
  readonly name: string
  readonly message: string
}

export interface Portal {
  readonly objects: Map<string, PortalObject>
  readonly lists: Map<string, PortalList>
  /** The object of a path: by its name or its type id. */
  object(objectType: string): PortalObject | undefined
  /** The record that a unique property finds; a contact by any of its addresses too. */
  find(object: PortalObject, idProperty: string, id: string): PortalRecord | undefined
  problems(object: PortalObject, properties: Readonly<Record<string, string>>, self?: string): ValueProblem[]
  /** Sets what is given; an empty text clears. Makes the record where there is none. */
  save(
    object: PortalObject,
    record: PortalRecord | undefined,
    properties: Readonly<Record<string, string>>,
  ): PortalRecord
  clear(): void
}

const text = (name: string, label: string, more: Partial<PortalProperty> = {}): PortalProperty => ({
  name,
  label,
  type: 'string',
  fieldType: 'text',
  groupName: 'information',
  description: '',
  options: [],
  ...more,
})
const options = (...values: string[]) => values.map((value) => ({ label: value, value, hidden: false }))
const readOnly = { archivable: false, readOnlyDefinition: true, readOnlyValue: true }

const CONTACT: readonly PortalProperty[] = [
  text('email', 'Email', { hubspotDefined: true }),
  text('hs_additional_emails', 'Additional email addresses', { hubspotDefined: true }),
  text('firstname', 'First Name', { hubspotDefined: true }),
  text('lastname', 'Last Name', { hubspotDefined: true }),
  text('phone', 'Phone Number', { hubspotDefined: true, fieldType: 'phonenumber' }),
  text('plan', 'Plan', { type: 'enumeration', fieldType: 'select', options: options('free', 'gold') }),
  text('interests', 'Interests', {
    type: 'enumeration',
    fieldType: 'checkbox',
    options: options('wine', 'tea', 'bread'),
  }),
  text('lifetime_value', 'Lifetime value', { type: 'number', fieldType: 'number' }),
  text('newsletter', 'Newsletter', {
    type: 'bool',
    fieldType: 'booleancheckbox',
    options: options('true', 'false'),
  }),
  text('joined_on', 'Joined on', { type: 'date', fieldType: 'date' }),
  text('last_order_at', 'Last order at', { type: 'datetime', fieldType: 'date' }),
  text('customer_number', 'Customer number', { hasUniqueValue: true }),
  text('hs_object_id', 'Record ID', {
    type: 'number',
    fieldType: 'number',
    hubspotDefined: true,
    modificationMetadata: readOnly,
  }),
  text('days_to_close', 'Days to close', {
    type: 'number',
    fieldType: 'calculation_equation',
    hubspotDefined: true,
    calculated: true,
  }),
  text('hs_internal', 'Internal', { hubspotDefined: true, hidden: true }),
  text('hs_json', 'Payload', { type: 'json', hubspotDefined: true }),
]
const COMPANY: readonly PortalProperty[] = [
  text('name', 'Name', { hubspotDefined: true }),
  text('domain', 'Company Domain Name', { hubspotDefined: true }),
  text('erp_number', 'ERP number', { hasUniqueValue: true }),
]
const CAR: readonly PortalProperty[] = [
  text('vin', 'VIN', { hasUniqueValue: true }),
  text('color', 'Color', { type: 'enumeration', fieldType: 'radio', options: options('red', 'blue') }),
]

export function createPortal(): Portal {
  let nextId = 1000
  const object = (objectTypeId: string, properties: readonly PortalProperty[]): PortalObject => ({
    objectTypeId,
    properties: new Map(properties.map((property) => [property.name, property])),
    records: new Map(),
  })
  const objects = new Map([
    ['contacts', object('0-1', CONTACT)],
    ['companies', object('0-2', COMPANY)],
    ['p7_cars', object('2-345', CAR)],
  ])
  const lists = new Map<string, PortalList>()
  for (const [listId, name, objectTypeId, processingType] of [
    ['11', 'Lapsed customers', '0-1', 'MANUAL'],
    ['12', 'Opened a mail', '0-1', 'DYNAMIC'],
    ['13', 'Partners', '0-2', 'SNAPSHOT'],
  ] as const) {
    lists.set(listId, { listId, name, objectTypeId, processingType, members: new Set() })
  }
  const self: Portal = {
    objects,
    lists,
    object: (objectType) =>
      objects.get(objectType) ??
      [...objects.values()].find(({ objectTypeId }) => objectTypeId === objectType),
    find(found, idProperty, id) {
      if (idProperty === 'hs_object_id') return found.records.get(id)
      return [...found.records.values()].find(({ properties }) => {
        if (idProperty !== 'email') return properties.get(idProperty) === id
        const additional = properties.get('hs_additional_emails')?.split(';') ?? []
        return [properties.get('email'), ...additional].includes(id.toLowerCase())
      })
    },
    problems: (found, properties, selfId) =>
      Object.entries(properties).flatMap(([name, value]) => problem(found, name, value, selfId) ?? []),
    save(found, record, properties) {
      const id = record?.id ?? String(nextId++)
      const saved = record ?? { id, properties: new Map(), createdAt: new Date().toISOString() }
      for (const [name, value] of Object.entries(properties)) {
        if (value === '') saved.properties.delete(name)
        else
          saved.properties.set(name, stored(found.properties.get(name)!, value, saved.properties.get(name)))
      }
      found.records.set(id, saved)
      return saved
    },
    clear() {
      for (const found of objects.values()) found.records.clear()
      for (const list of lists.values()) list.members.clear()
    },
  }
  return self
}

/** Addresses are kept in lower case; a leading semicolon appends to what a list of checkboxes holds. */
function stored(property: PortalProperty, value: string, before: string | undefined): string {
  if (property.name === 'email') return value.toLowerCase()
  if (property.fieldType !== 'checkbox') return value
  const chosen = value.split(';').filter((option) => option !== '')
  const kept = value.startsWith(';') ? (before?.split(';') ?? []) : []
  return [...new Set([...kept, ...chosen])].join(';')
}

function problem(
  object: PortalObject,
  name: string,
  value: string,
  self: string | undefined,
): ValueProblem | undefined {
  const property = object.properties.get(name)
  if (!property) {
    return { error: 'PROPERTY_DOESNT_EXIST', name, message: `Property "${name}" does not exist` }
  }
  if (property.modificationMetadata?.readOnlyValue) {
    return { error: 'READ_ONLY_VALUE', name, message: `"${name}" is a read only property` }
  }
  if (value === '') return undefined
  const bad = (error: string, what: string): ValueProblem => ({
    error,
    name,
    message: `${value} was not ${what}`,
  })
  const allowed = property.options?.map((option) => option.value) ?? []
  const chosen = property.fieldType === 'checkbox' ? value.split(';').filter((part) => part !== '') : [value]
  if (allowed.length > 0 && chosen.some((part) => !allowed.includes(part))) {
    return bad('INVALID_OPTION', `one of the allowed options: [${allowed.join(', ')}]`)
  }
  if (property.type === 'number' && !Number.isFinite(Number(value)))
    return bad('INVALID_INTEGER', 'a valid number')
  if (property.type === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value) && Number(value) % 86_400_000 !== 0) {
    return bad('INVALID_DATE', 'a valid date')
  }
  if (property.type === 'datetime' && !/^\d+$/.test(value) && !/^\d{4}-\d\d-\d\dT.*Z$/.test(value)) {
    return bad('INVALID_DATE', 'a valid time')
  }
  if (value.length > 65_536) return bad('VALUE_TOO_LONG', 'short enough')
  if (name === 'email' && !/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(value)) {
    return bad('INVALID_EMAIL', 'a valid email address')
  }
  const taken =
    property.hasUniqueValue &&
    [...object.records.values()].some(({ id, properties }) => id !== self && properties.get(name) === value)
  return taken ? bad('CONFLICTING_UNIQUE_VALUE', 'unique') : undefined
}
