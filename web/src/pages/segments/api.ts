/** The API's shapes that the pages of this area show. */
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type ListedSegment = Schemas['ListedSegment']
export type Vocabulary = Schemas['Vocabulary']
export type KnownEvent = Schemas['KnownEvent']
export type SegmentFile = Schemas['SegmentFile']
export type DraftPreview = Schemas['DraftPreview']
export type SegmentCheck = Schemas['SegmentCheck']
export type DraftProblem = Schemas['DraftProblem']
export type SegmentHistory = Schemas['SegmentHistory']
export type SegmentOverlap = Schemas['SegmentOverlap']
export type ExplainedCondition = Schemas['ExplainedCondition']
export type SamplePerson = Schemas['SamplePerson']
export type IdentifierName = Schemas['IdentifierName']
export type PeopleList = Schemas['PeopleList']
export type ListChanged = Schemas['ListChanged']
