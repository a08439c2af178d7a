/** JSON Schemas of what people and connectors write, their types, and pure rules about them. Safe inside workflows. */
export { canonicalJson } from './canonical-json.js'
export { type CronTimes, cronIntervalMs, parseCron } from './cron.js'
export { DURATION_PATTERN, formatDuration, parseDuration } from './durations.js'
export type { ExactType, FieldSchema, JsonType, StreamSchema } from './fields.js'
export {
  type ActivationFile,
  activationFileSchema,
  type Limit as GuardLimit,
  type Value as ActivationValue,
} from './generated/activation-file.js'
export { activationListSchema } from './generated/activation-list.js'
export { activationRejectsSchema } from './generated/activation-rejects.js'
export {
  activationReportSchema,
  type Counts as PlanCounts,
  type Guard as GuardReport,
  type Plan as PlanSummary,
} from './generated/activation-report.js'
export { activationStatusSchema } from './generated/activation-status.js'
export { type CommandError, commandErrorSchema } from './generated/command-error.js'
export { type ConnectorPackage, connectorPackageSchema } from './generated/connector-package.js'
export { type DestinationFile, destinationFileSchema } from './generated/destination-file.js'
export { type Identifier, type IdentityFile, identityFileSchema } from './generated/identity-file.js'
export {
  type Event as MappedEvent,
  type MappingFile,
  mappingFileSchema,
  type Trait as MappedTrait,
} from './generated/mapping-file.js'
export { mappingPreviewSchema } from './generated/mapping-preview.js'
export { profileViewSchema } from './generated/profile-view.js'
export { refreshResultSchema } from './generated/refresh-result.js'
export { segmentExplanationSchema } from './generated/segment-explanation.js'
export {
  type Aggregate,
  type EventStep,
  type PerformedWho,
  type PropertyCondition,
  type PropertyWhere,
  type SegmentFile,
  type SequenceWho,
  segmentFileSchema,
  type TraitWho,
  type Who,
} from './generated/segment-file.js'
export { segmentHistorySchema } from './generated/segment-history.js'
export { segmentLinesSchema } from './generated/segment-lines.js'
export { segmentOverlapSchema } from './generated/segment-overlap.js'
export { segmentPreviewSchema } from './generated/segment-preview.js'
export {
  type Condition,
  type CronSchedule,
  type FieldCondition,
  type Fields,
  type IntervalSchedule,
  type Schedule,
  type SourceFile,
  type Stream,
  sourceFileSchema,
  type Table,
} from './generated/source-file.js'
export { type StackStatus, stackStatusSchema } from './generated/stack-status.js'
export { type StateRow, type StateRows, stateRowsSchema } from './generated/state-rows.js'
export { type StreamReport, type SyncReport, syncReportSchema } from './generated/sync-report.js'
export {
  type ComputedTrait,
  type TraitRule,
  type TraitsFile,
  traitsFileSchema,
} from './generated/traits-file.js'
export { type WorkspaceFile, workspaceFileSchema } from './generated/workspace-file.js'
export { isGlob, matchesGlob } from './globs.js'
export { definitionIdProblem, isSecretReference, secretNames, sourceIdProblem } from './ids.js'
export { nearestName } from './nearest.js'
