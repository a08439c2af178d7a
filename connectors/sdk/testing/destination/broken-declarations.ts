/** Destinations that check wrongly or declare what is not so. */
import { ConnectorError } from '../../errors.js'
import { isOnly, type Variants, withObject } from './broken-parts.js'
import { contact, email, good, open } from './suite-destination.js'

export const BROKEN_DECLARATIONS: Variants = {
  'check that always passes': [{ ...good, check: async () => {} }, 'refuses each bad config fast'],
  'check that calls it by another name': [
    {
      ...good,
      check: (context) =>
        good.check(context).catch(() => {
          throw new ConnectorError('ConfigInvalid', 'checking: no; correct it')
        }),
    },
    'refuses each bad config fast',
  ],
  'check that writes': [
    {
      ...good,
      async check(context) {
        await good.check(context)
        const url = '/contacts/upsert'
        await open(context).request({ method: 'POST', url, data: { rows: [{ email: 'test@example.com' }] } })
      },
    },
    'changes nothing',
  ],
  'check that takes faults for success': [
    {
      ...good,
      check: (context) =>
        good.check(context).catch((error: unknown) => {
          if (isOnly(error, 'AuthExpired')) throw error
        }),
    },
    'check behind a faulty network calls a vendor that only answers with 500',
  ],
  'match key that is no field': [withObject(contact, { matchKeys: [['uid']] }), 'before all'],
  'operation too many': [
    withObject(contact, { operations: ['upsert', 'remove', 'append'] }),
    'has the operations that its case names',
  ],
  'normaliser that goes on': [
    withObject(contact, {
      fields: { ...contact.fields, email: { ...email, normalize: (text) => `${text.trim()}.` } },
    }),
    'normalises a value the same way for ever',
  ],
  'hash of what is typed': [
    withObject(contact, { fields: { ...contact.fields, phone: { type: 'string', hash: 'sha256_hex' } } }),
    'gives every field a type',
  ],
}
