/** Whom a row is about: the columns that tell people apart. */
import { ActionIcon, Alert, Button, Menu, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { COUNTRIES } from '../../../ui/countries.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Section } from '../../../ui/section.js'
import { type Mapping, setIdentifier } from '../model/mapping.js'
import classes from './mapping.module.css'

/** What every part of the form gets. */
export interface PartProps {
  readonly mapping: Mapping
  /** Names of the stream's columns. */
  readonly columns: readonly string[]
  readonly onChange: (mapping: Mapping) => void
  readonly disabled: boolean
}

interface IdentifiersSectionProps extends PartProps {
  /** Types that can be chosen, by priority. */
  readonly types: readonly string[]
  readonly missing: MissingKinds
}

/** Types of a mapping that the workspace does not have yet. */
export interface MissingKinds {
  readonly types: readonly string[]
  /** Country of phone numbers that name none; null: they all name theirs. */
  readonly region: string | null
  readonly onRegion: (region: string | null) => void
  readonly add: () => Promise<void>
}

/** One row a type. */
export function IdentifiersSection(props: IdentifiersSectionProps) {
  const { mapping, columns, types, missing, onChange, disabled } = props
  const used = types.filter((type) => type in mapping.identifiers)
  const free = types.filter((type) => !(type in mapping.identifiers))
  const addType = (type: string) =>
    onChange(setIdentifier(mapping, type, columns.find((column) => column === type) ?? columns[0]))
  return (
    <Section
      title="Who it is"
      description="A row counts for the person of its first identifier; the others are linked to it."
    >
      <Stack gap="sm">
        {used.length === 0 && <Text c="dimmed">No column tells yet whom a row is about.</Text>}
        {used.map((type) => (
          <div key={type} className={classes.row}>
            <Select
              label="Kind of identifier"
              data={[type, ...free]}
              value={type}
              allowDeselect={false}
              disabled={disabled}
              onChange={(next) => {
                if (next === null || next === type) return
                const column = mapping.identifiers[type]
                onChange(setIdentifier(setIdentifier(mapping, type, undefined), next, column))
              }}
            />
            <Select
              label="Column"
              data={[...columns]}
              value={mapping.identifiers[type] ?? null}
              allowDeselect={false}
              searchable
              disabled={disabled}
              onChange={(column) => column !== null && onChange(setIdentifier(mapping, type, column))}
            />
            <ActionIcon
              size="lg"
              aria-label={`Remove the identifier ${type}`}
              disabled={disabled}
              onClick={() => onChange(setIdentifier(mapping, type, undefined))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        {missing.types.length > 0 && !disabled && <Missing {...missing} />}
        {!disabled && free.length > 0 && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconPlus size={14} aria-hidden />}
                style={{ justifySelf: 'start', alignSelf: 'flex-start' }}
              >
                Add an identifier
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {free.map((type) => (
                <Menu.Item key={type} onClick={() => addType(type)}>
                  {type}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        {free.length === 0 && used.length === 0 && (
          <Text size="sm" c="dimmed">
            The workspace has no kinds of identifiers yet. Take a proposal, and its kind is added.
          </Text>
        )}
      </Stack>
    </Section>
  )
}

/** As the server judges by the name which rules fit. */
const isPhone = (type: string) => /phone|mobile/.test(type)

/** Kinds that are new in the workspace: rows can be tried with them once they are there. */
function Missing({ types, region, onRegion, add }: MissingKinds) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const begin = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await add()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const one = types.length === 1
  return (
    <Alert variant="default" color="river" title={`New in this workspace: ${types.join(', ')}`}>
      <Stack gap="xs" align="flex-start">
        <Text>
          {one ? 'This kind of identifier has' : 'These kinds of identifiers have'} to be known to the
          workspace before rows can be tried. {one ? 'It is' : 'They are'} added behind the others, with the
          usual rules.
        </Text>
        {types.some(isPhone) && (
          <Select
            label="Phone numbers without a country code are of"
            description="06 12 34 56 78 is a number of France only when you say so; +33 6 12 34 56 78 always is."
            placeholder="none: such numbers identify nobody"
            data={[...COUNTRIES]}
            value={region}
            onChange={onRegion}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'No country' }}
            maw={360}
          />
        )}
        <Button size="xs" onClick={() => void begin()} loading={busy}>
          {one ? 'Add it' : 'Add them'}
        </Button>
        {failure !== undefined && <ErrorState error={failure} />}
      </Stack>
    </Alert>
  )
}
