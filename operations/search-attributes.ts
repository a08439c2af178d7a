/** The search attributes that a verb puts on what it starts, so that people find it by what it is about. */
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common'

const SourceKey = defineSearchAttributeKey('Source', SearchAttributeType.KEYWORD)
const ActivationKey = defineSearchAttributeKey('Activation', SearchAttributeType.KEYWORD)

export function sourceAttributes(source: string): SearchAttributePair[] {
  return [{ key: SourceKey, value: source }]
}

export function activationAttributes(activation: string): SearchAttributePair[] {
  return [{ key: ActivationKey, value: activation }]
}
