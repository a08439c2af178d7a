/** Destinations that do something else with contacts than they are told, or answer wrongly. */
import { type DestinationRecord, rejected } from '../../destination.js'
import {
  allOk,
  changeTexts,
  contacts,
  sent,
  sentFields,
  type Variants,
  withObject,
  withoutUnknown,
} from './broken-parts.js'
import { contact } from './suite-destination.js'

export const BROKEN_WRITES: Variants = {
  'answer too few': [
    contacts(async (context, batch) => {
      const result = await contact.write(context, batch)
      return 'results' in result ? { results: result.results.slice(1) } : result
    }),
    'creates records',
  ],
  'batch that is used up': [
    contacts(async (context, batch) => {
      const left = batch.records as DestinationRecord[]
      const result = await contact.write(context, batch)
      left.splice(0)
      return result
    }),
    'creates records',
  ],
  'fields of any name that are left out': [
    withObject(contact, {
      openFields: true,
      write: (context, batch) => contact.write(context, withoutUnknown(batch)),
    }),
    'takes fields of any name',
  ],
  'answers in another order': [
    contacts(async (context, batch) => {
      const result = await contact.write(context, batch)
      return 'results' in result ? { results: [...result.results.slice(1), result.results[0]!] } : result
    }),
    'rejects bad records alone, in their places',
  ],
  'one bad record spoils the batch': [
    contacts(async (context, batch) => {
      const bad = batch.records.some(({ fields }) => fields.country === 'Atlantis')
      return bad
        ? { results: batch.records.map(() => rejected('it is spoilt')) }
        : contact.write(context, batch)
    }),
    'rejects bad records alone, in their places',
  ],
  'bad records that are ok': [
    contacts(async (context, batch) => {
      await contact.write(context, batch)
      return allOk(batch)
    }),
    'answers a batch of nothing but bad records',
  ],
  'value in a reason': [
    contacts(async (context, batch) => {
      const result = await contact.write(context, batch)
      if (!('results' in result)) return result
      return {
        results: result.results.map((answer, index) =>
          answer.status === 'ok'
            ? answer
            : rejected(`${String(batch.records[index]!.fields.country)} is no country`),
        ),
      }
    }),
    'gives a reason without a value',
  ],
  'upsert that takes away what is not given': [
    sentFields((fields) => ({ name: null, orders: null, country: null, ...fields })),
    'leaves the others',
  ],
  'null that is not sent': [
    sentFields((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))),
    'unsets a field that is null',
  ],
  'remove that does nothing': [
    contacts(async (context, batch) =>
      batch.operation === 'remove' ? allOk(batch) : contact.write(context, batch),
    ),
    'removes those records and no others',
  ],
  'remove that misses the absent': [
    contacts(async (context, batch) =>
      batch.operation === 'remove'
        ? { results: batch.records.map(() => rejected('there is no such contact')) }
        : contact.write(context, batch),
    ),
    'says ok to removing what is not there',
  ],
  'text that is cleaned': [
    sentFields(changeTexts((text) => text.replace(/[^\p{L}\p{N} .]/gu, ''))),
    'carries any characters unchanged',
  ],
  'limit beyond its powers': [
    sent((batch) => ({
      ...batch,
      records: [...batch.records.slice(0, 60), ...batch.records.slice(0, batch.records.length - 60)].slice(
        0,
        batch.records.length,
      ),
    })),
    'takes a batch at its limit',
  ],
}
