/** The API's shapes that the pages of this area show. */
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type Person = Schemas['Person']
export type Evidence = Schemas['Evidence']
export type IdentityRecord = Schemas['IdentityRecord']
export type IdentityName = Schemas['IdentifierName']
export type Simulation = Schemas['IdentitySimulation']
export type SentRecord = Schemas['SentRecord']
export type TimelineEvent = Schemas['TimelineEvent']
