/** HubSpot's properties as fields, and values as the text that HubSpot takes. */
import type { DestinationField, JsonValue } from '@tributary/connector-sdk'

/** A property, as far as it is used (components/schemas/Property of the properties API). */
export interface HubspotProperty {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly fieldType: string
  readonly description?: string
  readonly options?: readonly { readonly value: string }[]
  readonly archived?: boolean
  readonly calculated?: boolean
  readonly calculationFormula?: string
  readonly externalOptions?: boolean
  readonly hasUniqueValue?: boolean
  readonly hidden?: boolean
  readonly hubspotDefined?: boolean
  readonly dataSensitivity?: string
  readonly textDisplayHint?: string
  readonly modificationMetadata?: { readonly readOnlyValue?: boolean }
}

/** https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide */
const LONGEST_TEXT = 65_536

/** Types that HubSpot keeps for itself. */
const INTERNAL_TYPES = new Set(['json', 'object_coordinates'])

/** True for what a person may set: not calculated, not read-only, not one of HubSpot's hidden ones. */
export function isWritable(property: HubspotProperty): boolean {
  const { archived, calculationFormula, calculated, hidden, hubspotDefined, type } = property
  return !(
    archived ||
    calculationFormula !== undefined ||
    (calculated && hubspotDefined) ||
    (hidden && hubspotDefined) ||
    property.modificationMetadata?.readOnlyValue ||
    property.fieldType === 'calculation_equation' ||
    INTERNAL_TYPES.has(type)
  )
}

/** The field of a property. `personal` decides for the object that it belongs to. */
export function fieldOf(property: HubspotProperty, personal: boolean): DestinationField {
  const choices = property.externalOptions ? [] : (property.options ?? []).map(({ value }) => value)
  return {
    title: property.label,
    ...(property.description && { description: property.description }),
    ...typeOf(property),
    ...(property.type === 'string' && { maxLength: LONGEST_TEXT }),
    ...(property.type === 'enumeration' && choices.length > 0 && { oneOf: choices }),
    ...(personal && { personal: true }),
  }
}

function typeOf({ type, fieldType }: HubspotProperty): DestinationField {
  switch (type) {
    case 'bool':
      return { type: 'boolean' }
    case 'number':
      return { type: 'number' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'datetime':
      return { type: 'string', format: 'date-time' }
    case 'enumeration':
      return fieldType === 'checkbox' ? { type: 'array', items: { type: 'string' } } : { type: 'string' }
    default:
      return { type: 'string' }
  }
}

/**
 * A value as HubSpot takes it, which is always text: options of checkboxes with semicolons between them and none in front
 * (in front it would add them to those that are chosen), nothing as the empty text that clears a property.
 */
export function textOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map((item) => textOf(item as JsonValue)).join(';')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const PERSONAL_HINTS = new Set(['email', 'phone_number', 'physical_address', 'postal_code', 'ip_address'])
const PERSONAL_NAME =
  /(^|_)(email|mail|phone|mobile|mobilephone|fax|name|firstname|lastname|address|street|zip|postal|birth|dob|gender|ssn|iban|passport|ip)(_|$)|^hs_(additional_emails|whatsapp_phone_number)|^(twitterhandle|date_of_birth|salutation)$/

/** Whether a property of a contact identifies a person or lets them be reached: by HubSpot's own marks, or its name. */
export function isPersonal(property: HubspotProperty): boolean {
  const sensitive = property.dataSensitivity !== undefined && property.dataSensitivity !== 'non_sensitive'
  return sensitive || PERSONAL_HINTS.has(property.textDisplayHint ?? '') || PERSONAL_NAME.test(property.name)
}
