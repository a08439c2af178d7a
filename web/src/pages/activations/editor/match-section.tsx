/** By what the tool finds people: its key, and what of a person it is. */
import { ActionIcon, Button, Select, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { rowLabel } from '../../../ui/row-label.js'
import { Section } from '../../../ui/section.js'
import { setValue } from '../model/definition.js'
import { chooseKey, fieldOf, keyInUse, titleOf } from '../model/fit.js'
import { problemsAt, problemsOf } from '../model/gaps.js'
import { fieldNameFor } from '../model/values.js'
import classes from './editor.module.css'
import { NameField } from './name-field.js'
import { errorText, useTools } from './tools.js'
import { ValueField } from './value-field.js'

export function MatchSection() {
  const { definition, change, known, object, problems } = useTools()
  const wrong = errorText(problemsOf(problems, 'match'))
  const keys = object?.matchKeys ?? []
  const free = keys.length === 0
  const [wanted, setWanted] = useState<readonly string[]>()
  const chosen = object === undefined ? undefined : (keyInUse(definition, object) ?? wanted ?? soleKey(keys))
  const shown = free || chosen === undefined ? Object.keys(definition.match) : chosen
  const names = [...Object.keys(definition.match), ...Object.keys(definition.fields ?? {})]
  const add = () => {
    const type = known.identifiers.find((each) => !names.includes(each)) ?? known.identifiers[0]
    const value = type === undefined ? 'profile.id' : `identifiers.${type}`
    change(setValue(definition, 'match', fieldNameFor(value, names), value))
  }
  return (
    <Section
      title="Who is who there"
      description="By this the tool finds people again. Who has no such value is not sent."
    >
      <Stack gap="sm">
        {!free && keys.length > 1 && object !== undefined && (
          <Select
            label="It finds people by"
            data={keys.map((key) => ({
              value: key.join('\0'),
              label: key.map((name) => titleOf(object, name)).join(' and '),
            }))}
            value={chosen?.join('\0') ?? null}
            placeholder="Choose a key"
            allowDeselect={false}
            error={wrong}
            onChange={(next) => {
              if (next === null) return
              const key = next.split('\0')
              setWanted(key)
              change(chooseKey(definition, key, object, known))
            }}
          />
        )}
        {shown.length > 0 && (
          <ul className={classes.rows} aria-label="Who is who there">
            {shown.map((name, index) => (
              // A name is typed into this row: the place is what stays the same.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index} className={classes.row}>
                <ValueField
                  label={rowLabel('What somebody is found by', index)}
                  of={titleOf(object, name)}
                  value={definition.match[name]}
                  field={fieldOf(object, name)}
                  isKey
                  error={errorText(problemsAt(problems, 'match', name))}
                  onChange={(value) => change(setValue(definition, 'match', name, value))}
                />
                <span className={classes.arrow} data-first={index === 0 ? '' : undefined} aria-hidden>
                  <IconArrowRight size={16} />
                </span>
                {free ? (
                  <NameField
                    label={rowLabel('Called there', index)}
                    name={name}
                    taken={names}
                    onRename={(next) =>
                      change(setValue(definition, 'match', next, definition.match[name], name))
                    }
                  />
                ) : (
                  <div className={classes.target} data-first={index === 0 ? '' : undefined}>
                    {titleOf(object, name)}
                  </div>
                )}
                {free && shown.length > 1 && (
                  <ActionIcon
                    size="lg"
                    className={classes.remove}
                    data-first={index === 0 ? '' : undefined}
                    aria-label={`Remove ${name} from the key`}
                    onClick={() => change(setValue(definition, 'match', name, undefined))}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                )}
              </li>
            ))}
          </ul>
        )}
        {wrong !== undefined && (free || keys.length < 2) && (
          <Text size="sm" c="var(--mantine-color-error)">
            {wrong}
          </Text>
        )}
        {free && (
          <Button
            variant="default"
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={add}
          >
            {shown.length === 0 ? 'Say who is who' : 'Tell them apart by more'}
          </Button>
        )}
      </Stack>
    </Section>
  )
}

/** The only key that there is. */
const soleKey = (keys: readonly (readonly string[])[]) => (keys.length === 1 ? keys[0] : undefined)
