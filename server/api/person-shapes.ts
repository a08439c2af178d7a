/** One person as the API shows them: found, whole, why they are one, and where they were sent. */
import {
  boolean,
  count,
  described,
  dictionary,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  personal,
  text,
} from '../schema.js'
import {
  anyValues,
  cause,
  identifierName,
  identifiers,
  identityRecord,
  nullableMoment,
  profileId,
  value,
} from './people-shapes.js'

export const foundPerson = named(
  'FoundPerson',
  object({
    profile: profileId,
    name: described(nullable(personal(text)), { description: 'Null: no trait says it' }),
    matches: described(
      list(
        object({
          kind: oneOf('id', 'identifier', 'trait'),
          name: described(text, { description: 'Type of the identifier, or name of the trait' }),
          value: personal(text),
          exact: boolean,
        }),
      ),
      { description: 'Why they were found, the best reason first' },
    ),
    identifiers,
    traits: dictionary(personal(value)),
  }),
)

export const person = named(
  'Person',
  object(
    {
      profile: profileId,
      redirectedFrom: described(profileId, {
        description: 'The id that was asked for, where the person has another one today',
      }),
      name: described(nullable(personal(text)), { description: 'Null: no trait says it' }),
      identifiers,
      traits: dictionary(
        object({
          value: personal(value),
          source: described(text, { description: 'Id of the source; computed: from events' }),
          at: described(nullableMoment, { description: 'When it was said; null: of no event' }),
        }),
      ),
      segments: list(
        object({
          segment: text,
          name: text,
          since: described(moment, { description: 'The evaluation that first saw them in it' }),
          cause,
        }),
      ),
    },
    ['redirectedFrom'],
  ),
)

export const evidence = named(
  'Evidence',
  object({
    identifiers: list(
      object({
        type: text,
        value: personal(text),
        firstAt: nullableMoment,
        lastAt: nullableMoment,
        sources: list(text),
      }),
    ),
    links: described(
      list(
        object({
          a: identifierName,
          b: identifierName,
          mapping: text,
          source: text,
          rows: described(count, { description: 'Rows that name both' }),
          firstAt: moment,
          lastAt: moment,
        }),
      ),
      { description: 'What names two of the identifiers together, the earliest first' },
    ),
    more: boolean,
    records: described(list(identityRecord), { description: 'What members said about them' }),
  }),
)

export const sent = named(
  'SentRecord',
  object({
    activation: text,
    destination: text,
    object: text,
    present: described(boolean, { description: 'False: it was taken away' }),
    match: personal(anyValues),
    fields: personal(anyValues),
    firstAt: moment,
    lastAt: moment,
    run: text,
  }),
)
