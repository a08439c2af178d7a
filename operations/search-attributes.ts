/** The search attributes that a verb puts on what it starts, so that people find it by what it is about. */
import type { WorkflowExecutionInfo } from '@temporalio/client'
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common'

const SourceKey = defineSearchAttributeKey('Source', SearchAttributeType.KEYWORD)
const ActivationKey = defineSearchAttributeKey('Activation', SearchAttributeType.KEYWORD)

export function sourceAttributes(source: string): SearchAttributePair[] {
  return [{ key: SourceKey, value: source }]
}

/** What a listed execution is a run of; undefined where it was started without. */
export function sourceOf({
  typedSearchAttributes,
}: Pick<WorkflowExecutionInfo, 'typedSearchAttributes'>): string | undefined {
  return typedSearchAttributes.get(SourceKey)
}

export function activationAttributes(activation: string): SearchAttributePair[] {
  return [{ key: ActivationKey, value: activation }]
}
