/** Why a person is in a segment, or is not: each condition with its truth, and the facts that it was decided by. */
import { Badge, Group, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { formatCount, formatNumber, formatShare } from '../../../ui/format.js'
import { TimeText } from '../../../ui/texts.js'
import { words } from '../../profiles/parts/names.js'
import { ValueText } from '../../profiles/parts/value-text.js'
import type { ExplainedCondition } from '../api.js'
import classes from './explanation.module.css'

/** The tree of conditions. */
export function ExplanationTree({ tree }: { readonly tree: ExplainedCondition }) {
  return (
    <ul className={classes.tree}>
      <ConditionLine of={tree} />
    </ul>
  )
}

function ConditionLine({ of }: { readonly of: ExplainedCondition }) {
  const { condition, truth, evidence, combines, children = [] } = of
  const Mark = truth ? IconCheck : IconX
  return (
    <li>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <span className={classes.mark} data-truth={truth}>
          <Mark size={14} aria-label={truth ? 'Holds' : 'Does not hold'} />
        </span>
        <div style={{ minWidth: 0 }}>
          <Text component="span">
            {combines === undefined ? condition : groupWords(combines, children.length)}
          </Text>
          <Evidence of={evidence} isDecided={children.length > 0} />
        </div>
      </Group>
      {children.length > 0 && (
        <ul className={classes.tree}>
          {(children as readonly ExplainedCondition[]).map((child, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order of conditions is all that they have.
            <ConditionLine key={at} of={child} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** How the conditions below it decide: what they say stands there already. */
function groupWords(combines: 'all' | 'any' | 'not', parts: number): string {
  if (combines === 'not') return 'This must not hold:'
  if (parts === 1) return 'This must hold:'
  return combines === 'all'
    ? `All ${formatNumber(parts)} of these must hold:`
    : 'At least one of these must hold:'
}

function Evidence({ of, isDecided }: { readonly of: unknown; readonly isDecided: boolean }) {
  if (typeof of === 'string') return <Text c="dimmed">{of}</Text>
  if (!Array.isArray(of) || of.length === 0) {
    return isDecided ? null : (
      <Text size="sm" c="dimmed">
        Nothing is known that speaks for it.
      </Text>
    )
  }
  return (
    <ul className={classes.evidence}>
      {of.map((fact, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts have no name of their own.
        <li key={at}>
          <Fact of={fact as Readonly<Record<string, unknown>>} />
        </li>
      ))}
    </ul>
  )
}

function Fact({ of }: { readonly of: Readonly<Record<string, unknown>> }) {
  if (typeof of.event === 'string') {
    const properties = Object.entries((of.properties ?? {}) as Readonly<Record<string, unknown>>)
    return (
      <>
        {of.event}, <TimeText at={of.at as string} as="exact" />
        {properties.length > 0 && (
          <Group gap={4} mt={2}>
            {properties.map(([name, value]) => (
              <Badge key={name} variant="default" size="sm" tt="none" fw={450}>
                {words(name)}: <ValueText name={name} value={value} />
              </Badge>
            ))}
          </Group>
        )}
      </>
    )
  }
  if (typeof of.trait === 'string') {
    return (
      <>
        {words(of.trait)} is <ValueText value={of.value} /> <small>({String(of.source)})</small>
      </>
    )
  }
  if (typeof of.count === 'number') return <>{formatCount(of.count, 'such event')}</>
  if ('computed' in of)
    return (
      <>
        that makes <ValueText value={of.computed} />
      </>
    )
  if (typeof of.identifier === 'string')
    return (
      <>
        {words(of.identifier)} <ValueText value={of.value} />
      </>
    )
  if (typeof of.list === 'string') return <>on the list {of.list}</>
  if (typeof of.bucket === 'number') return <>drawn at {formatShare(of.bucket)}</>
  return <ValueText value={of} />
}
