/** The search attributes that workflows set; runtime/search-attributes.ts is the table that servers register. */
import { defineSearchAttributeKey } from '@temporalio/common'

export const streamAttribute = defineSearchAttributeKey('Stream', 'KEYWORD')
export const sourceAttribute = defineSearchAttributeKey('Source', 'KEYWORD')
export const connectorAttribute = defineSearchAttributeKey('Connector', 'KEYWORD')
export const syncModeAttribute = defineSearchAttributeKey('SyncMode', 'KEYWORD')
export const syncOutcomeAttribute = defineSearchAttributeKey('SyncOutcome', 'KEYWORD')
export const failureTypeAttribute = defineSearchAttributeKey('FailureType', 'KEYWORD')
export const revisionAttribute = defineSearchAttributeKey('Revision', 'KEYWORD')
export const activationAttribute = defineSearchAttributeKey('Activation', 'KEYWORD')
export const segmentAttribute = defineSearchAttributeKey('Segment', 'KEYWORD')
export const rowsLoadedAttribute = defineSearchAttributeKey('RowsLoaded', 'INT')
export const rowsRejectedAttribute = defineSearchAttributeKey('RowsRejected', 'INT')
export const cursorTimeAttribute = defineSearchAttributeKey('CursorTime', 'DATETIME')
