/** Who is sent: a segment or everybody, only those who consented, without a holdout. */
import { MultiSelect, NumberInput, Select, Stack, Text } from '@mantine/core'
import { useRead } from '../../../api/hooks.js'
import { formatCount, formatNumber } from '../../../ui/format.js'
import { Section } from '../../../ui/section.js'
import { setHoldout, withPart } from '../model/definition.js'
import { problemsAt } from '../model/gaps.js'
import { errorText, useTools } from './tools.js'

/** @param consents purposes that people can consent to */
export function WhoSection({ consents }: { readonly consents: readonly string[] }) {
  const { definition, change, problems } = useTools()
  const { segment, consent = [], holdout } = definition
  const purposes = [...new Set([...consents, ...consent])]
  return (
    <Section title="Who is sent">
      <Stack gap="md">
        <SegmentField
          value={segment}
          onChange={(next) => change({ ...definition, segment: next })}
          error={errorText(problemsAt(problems, 'segment'))}
        />
        {purposes.length > 0 && (
          <MultiSelect
            label="Only who consented to"
            description="Suppressed people are never sent, whatever is chosen here."
            placeholder={consent.length === 0 ? 'no consent is asked for' : undefined}
            data={purposes}
            value={[...consent]}
            error={errorText(problemsAt(problems, 'consent'))}
            onChange={(next) => change(withPart(definition, 'consent', next.length === 0 ? undefined : next))}
          />
        )}
        <NumberInput
          label="Hold out, to compare with"
          description="A share that is never sent: the same people in every run."
          value={holdout === undefined ? '' : Math.round(holdout.share * 10_000) / 100}
          placeholder="nobody"
          min={0}
          max={100}
          suffix=" %"
          hideControls
          maw={420}
          error={errorText(problemsAt(problems, 'holdout'))}
          onChange={(share) =>
            change(setHoldout(definition, typeof share === 'number' ? share / 100 : undefined))
          }
        />
      </Stack>
    </Section>
  )
}

const EVERYBODY = '*'

function SegmentField(props: {
  readonly value: string
  readonly onChange: (segment: string) => void
  readonly error: string | undefined
}) {
  const { value, onChange, error } = props
  const answer = useRead('/api/v1/segments')
  const segments = (answer.data?.segments ?? []).filter(
    ({ state, id }) => state !== 'removed' || id === value,
  )
  const chosen = segments.find(({ id }) => id === value)
  const isKnown = value === '' || value === EVERYBODY || chosen !== undefined
  return (
    <div>
      <Select
        label="Segment"
        required
        searchable
        allowDeselect={false}
        placeholder="Choose a segment"
        nothingFoundMessage="No segment is called so"
        value={value === '' ? null : value}
        error={answer.error === null ? error : 'The segments could not be read. Load the page again.'}
        data={[
          ...segments.map(({ id, name }) => ({ value: id, label: name })),
          { value: EVERYBODY, label: 'Everybody' },
          ...(isKnown ? [] : [{ value, label: value }]),
        ]}
        onChange={(next) => next !== null && onChange(next)}
        renderOption={({ option }) => {
          const size = segments.find(({ id }) => id === option.value)?.size
          return (
            <span>
              {option.label}
              {typeof size === 'number' && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · {formatNumber(size)}
                </Text>
              )}
            </span>
          )
        }}
      />
      {chosen !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          {chosen.size === null
            ? 'Not counted yet: it is with the next refresh'
            : formatCount(chosen.size, 'person', 'people')}
          {chosen.sentence !== null && `. ${chosen.sentence}`}
        </Text>
      )}
    </div>
  )
}
