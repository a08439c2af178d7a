/** What is known of a person: columns as traits. */
import { ActionIcon, Button, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { rowLabel } from '../../../ui/row-label.js'
import { Section } from '../../../ui/section.js'
import {
  columnRoles,
  freeTraitName,
  setTrait,
  traitNameOf,
  traitNameProblem,
  traitParts,
} from '../model/mapping.js'
import type { PartProps } from './identifiers-section.js'
import classes from './mapping.module.css'

/** One row a trait. */
export function TraitsSection({ mapping, columns, onChange, disabled }: PartProps) {
  const traits = Object.entries(mapping.traits ?? {})
  const add = () => {
    const column = columns.find((name) => columnRoles(mapping, name).length === 0) ?? columns[0]
    if (column !== undefined) onChange(setTrait(mapping, freeTraitName(mapping, column), { field: column }))
  }
  return (
    <Section
      title="What is known of them"
      description="Of several values the newest counts: “since” is the column of the time from which a value holds."
    >
      <Stack gap="sm">
        {traits.length === 0 && <Text c="dimmed">Nothing yet.</Text>}
        {traits.map(([name, trait], index) => {
          const parts = traitParts(trait)
          return (
            // A name is typed into this row: the place is what stays the same.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <div key={index} className={`${classes.row} ${classes.wide}`}>
              <TextInput
                {...rowLabel('Known as', index)}
                value={name}
                disabled={disabled}
                error={traitNameProblem(name)}
                onChange={(event) => onChange(setTrait(mapping, event.currentTarget.value, parts, name))}
                spellCheck={false}
              />
              <Select
                {...rowLabel('Column', index)}
                data={[...columns]}
                value={parts.field}
                allowDeselect={false}
                searchable
                disabled={disabled}
                onChange={(field) => {
                  if (field === null) return
                  // A name that was never typed follows the column.
                  const isOwn = name !== traitNameOf(parts.field)
                  const next = isOwn ? name : freeTraitName(mapping, field)
                  onChange(setTrait(mapping, next, { ...parts, field }, name))
                }}
              />
              <Select
                {...rowLabel('Since', index)}
                placeholder="when it was read"
                data={[...columns]}
                value={parts.timestamp ?? null}
                clearable
                clearButtonProps={{ 'aria-label': 'When it was read' }}
                searchable
                disabled={disabled}
                onChange={(timestamp) =>
                  onChange(
                    setTrait(mapping, name, {
                      field: parts.field,
                      ...(timestamp !== null && { timestamp }),
                    }),
                  )
                }
              />
              <ActionIcon
                size="lg"
                aria-label={`Remove the trait ${name}`}
                disabled={disabled}
                onClick={() => onChange(setTrait(mapping, name, undefined))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
          )
        })}
        {!disabled && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={add}
            style={{ alignSelf: 'flex-start' }}
          >
            Add a trait
          </Button>
        )}
      </Stack>
    </Section>
  )
}
