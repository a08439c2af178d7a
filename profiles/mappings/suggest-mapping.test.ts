import { deepEqual, equal } from 'node:assert/strict'
import { suggestMapping } from './suggest-mapping.js'

const IDENTIFIERS = ['customer_id', 'email', 'phone']

describe('suggesting a mapping', () => {
  it('finds who ordered, when and what', () => {
    const { definition, missingIdentifiers, reasons } = suggestMapping({
      stream: 'shop.public.orders',
      columns: [
        { name: 'id', kind: 'number' },
        { name: 'customer_id', kind: 'number' },
        { name: 'CustomerEmail', kind: 'text' },
        { name: 'total', kind: 'number' },
        { name: 'status', kind: 'text' },
        { name: 'created_at', kind: 'time' },
        { name: 'updated_at', kind: 'time' },
      ],
      key: ['id'],
      identifiers: IDENTIFIERS,
    })
    deepEqual(definition, {
      stream: 'shop.public.orders',
      identifiers: { customer_id: 'customer_id', email: 'CustomerEmail' },
      events: [
        {
          name: 'Order Completed',
          message_id: ['id'],
          timestamp: 'created_at',
          properties: { total: 'total', status: 'status' },
        },
      ],
    })
    deepEqual(missingIdentifiers, [])
    deepEqual(
      reasons.map(({ column, use, as }) => [column, use, as]),
      [
        ['id', 'left out', ''],
        ['customer_id', 'identifier', 'customer_id'],
        ['CustomerEmail', 'identifier', 'email'],
        ['total', 'property', 'total'],
        ['status', 'property', 'status'],
        ['created_at', 'time', ''],
        ['updated_at', 'left out', ''],
      ],
    )
    equal(reasons[3]?.why, 'looks like an amount: it can be summed')
  })

  it('takes the rows of customers as what holds of people', () => {
    const { definition } = suggestMapping({
      stream: 'shop.public.customers',
      columns: [
        { name: 'id', kind: 'number' },
        { name: 'email', kind: 'text' },
        { name: 'mobile_phone', kind: 'text' },
        { name: 'city', kind: 'text' },
        { name: 'marketing_consent', kind: 'boolean' },
        { name: 'updated_at', kind: 'time' },
      ],
      key: ['id'],
      identifiers: IDENTIFIERS,
    })
    deepEqual(definition, {
      stream: 'shop.public.customers',
      identifiers: { customer_id: 'id', email: 'email', phone: 'mobile_phone' },
      traits: {
        city: { field: 'city', timestamp: 'updated_at' },
        'consent.marketing': { field: 'marketing_consent', timestamp: 'updated_at' },
      },
    })
  })

  it('uses the identifiers that the workspace has', () => {
    const { definition, missingIdentifiers } = suggestMapping({
      stream: 'till.transactions',
      columns: [
        { name: 'household_id', kind: 'text' },
        { name: 'basket_id', kind: 'text' },
        { name: 'sales_value', kind: 'number' },
        { name: 'transaction_timestamp', kind: 'time' },
      ],
      key: [],
      identifiers: ['household_id', 'email'],
    })
    deepEqual(definition, {
      stream: 'till.transactions',
      identifiers: { household_id: 'household_id' },
      events: [
        {
          name: 'Purchase Completed',
          message_id: ['household_id', 'basket_id', 'sales_value', 'transaction_timestamp'],
          timestamp: 'transaction_timestamp',
          properties: { basket_id: 'basket_id', sales_value: 'sales_value' },
        },
      ],
    })
    deepEqual(missingIdentifiers, [])
  })

  it('takes the numbers of another source for those of other people', () => {
    const members = {
      stream: 'loyalty.members',
      columns: [
        { name: 'member_id', kind: 'number' },
        { name: 'email', kind: 'text' },
      ],
      key: ['member_id'],
      identifiers: IDENTIFIERS,
    } as const
    const elsewhere = suggestMapping(members)
    deepEqual(elsewhere.definition?.identifiers, { email: 'email', member_id: 'member_id' })
    deepEqual(elsewhere.missingIdentifiers, ['member_id'])
    const sameSource = suggestMapping({ ...members, ofSource: ['customer_id', 'email'] })
    deepEqual(sameSource.definition?.identifiers, { customer_id: 'member_id', email: 'email' })
  })

  it('takes a list without key and time as what holds of people, whatever its columns are called', () => {
    const { definition } = suggestMapping({
      stream: 'lists.newsletter',
      columns: [
        { name: 'Email', kind: 'text' },
        { name: 'Prénom', kind: 'text' },
        { name: 'Inscrit le', kind: 'text' },
        { name: 'Points (€)', kind: 'number' },
        { name: '_original_values', kind: 'text' },
      ],
      key: [],
      identifiers: IDENTIFIERS,
    })
    deepEqual(definition, {
      stream: 'lists.newsletter',
      identifiers: { email: 'Email' },
      traits: { prenom: 'Prénom', inscrit_le: 'Inscrit le', points: 'Points (€)' },
    })
  })

  it('names the identifiers that the workspace lacks', () => {
    const { definition, missingIdentifiers } = suggestMapping({
      stream: 'forms.answers',
      columns: [
        { name: 'answer', kind: 'text' },
        { name: 'e_mail', kind: 'text' },
        { name: 'email', kind: 'text' },
      ],
      key: [],
      identifiers: [],
    })
    deepEqual(definition?.identifiers, { email: 'e_mail' })
    deepEqual(missingIdentifiers, ['email'])
  })

  it('says so where nobody is told apart', () => {
    const { definition, reasons } = suggestMapping({
      stream: 'shop.public.colours',
      columns: [
        { name: 'name', kind: 'text' },
        { name: 'hex value', kind: 'text' },
      ],
      key: ['name'],
      identifiers: IDENTIFIERS,
    })
    equal(definition, undefined)
    deepEqual(
      reasons.map(({ column, use, why }) => [column, use, why]),
      [
        ['name', 'left out', 'is part of the key of a row'],
        ['hex value', 'property', 'says something of what happened'],
      ],
    )
  })
})
