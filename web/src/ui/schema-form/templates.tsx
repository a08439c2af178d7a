/** What stands around the fields of a form: groups, lists, choices, pairs of key and value. */
import { ActionIcon, Box, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  canExpand,
  type FieldTemplateProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type WrapIfAdditionalTemplateProps,
} from '@rjsf/utils'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import type { SecretFields } from './form-context.js'
import { groupsOf } from './groups.js'
import classes from './schema-form.module.css'
import type { JsonSchema } from './types.js'
import { TextField } from './widgets.js'

function FieldTemplate(props: FieldTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { hidden, children, rawErrors = [], schema, registry } = props
  const Wrap = registry.templates.WrapIfAdditionalTemplate
  if (hidden) return <div hidden>{children}</div>
  // Inputs show their own mistakes; a group has no input that could.
  const around = schema.type === 'object' || (schema.type === 'array' && !props.uiSchema?.['ui:widget'])
  return (
    <Wrap {...props}>
      {children}
      {around && rawErrors.length > 0 && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {rawErrors.join(' ')}
        </Text>
      )}
    </Wrap>
  )
}

function ObjectFieldTemplate(props: ObjectFieldTemplateProps<unknown, JsonSchema, SecretFields>) {
  const {
    title,
    description,
    properties,
    schema,
    uiSchema,
    formData,
    onAddProperty,
    fieldPathId,
    errorSchema,
    disabled,
  } = props
  const isRoot = fieldPathId.$id === 'root'
  if ((schema.oneOf ?? schema.anyOf) && properties.length === 0) return null
  const named = !isRoot && title !== '' && uiSchema?.['ui:label'] !== false
  const groups = groupsOf(schema, properties, Object.keys(errorSchema ?? {}))
  const body = (
    <Stack gap="md">
      {groups.map(({ name, title: groupTitle, folded, members }) => {
        const fields = members.map(({ name: key, content }) => <div key={key}>{content}</div>)
        if (name === undefined)
          return (
            <Stack key="" gap="md">
              {fields}
            </Stack>
          )
        return folded ? (
          <details key={name} className={classes.folded}>
            <summary>{groupTitle}</summary>
            <Stack gap="md" pt="sm">
              {fields}
            </Stack>
          </details>
        ) : (
          <fieldset key={name} className={classes.group}>
            <Title order={3} component="legend" mb="xs">
              {groupTitle}
            </Title>
            <Stack gap="md">{fields}</Stack>
          </fieldset>
        )
      })}
      {!disabled && canExpand(schema, uiSchema, formData) && (
        <AddButton label={`Add to ${title || 'the list'}`} onClick={onAddProperty} />
      )}
    </Stack>
  )
  if (!named) return body
  return (
    <fieldset className={classes.nested} id={fieldPathId.$id}>
      <legend className={classes.legend}>{title}</legend>
      {description !== undefined && (
        <Text c="dimmed" size="xs" component="div" mb="xs">
          {description}
        </Text>
      )}
      {body}
    </fieldset>
  )
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { title, schema, items, canAdd, onAddClick, fieldPathId, required, disabled } = props
  return (
    <fieldset className={classes.nested} id={fieldPathId.$id}>
      <legend className={classes.legend}>
        {title}
        {required && <span aria-hidden> *</span>}
      </legend>
      {schema.description !== undefined && (
        <Text c="dimmed" size="xs" mb="xs">
          {schema.description}
        </Text>
      )}
      <Stack gap="sm">
        {items}
        {canAdd && !disabled && <AddButton label={`Add to ${title}`} onClick={onAddClick} />}
      </Stack>
    </fieldset>
  )
}

function ArrayFieldItemTemplate(props: ArrayFieldItemTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { children, buttonsProps, index, disabled } = props
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps
  return (
    <Paper p="sm">
      <Group align="flex-start" wrap="nowrap" gap="xs">
        <Box flex={1} miw={0}>
          {children}
        </Box>
        <Group gap={2} wrap="nowrap">
          {!disabled && hasMoveUp && (
            <ActionIcon aria-label={`Move ${index + 1} up`} onClick={onMoveUpItem}>
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
          )}
          {!disabled && hasMoveDown && (
            <ActionIcon aria-label={`Move ${index + 1} down`} onClick={onMoveDownItem}>
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
          )}
          {!disabled && hasRemove && (
            <ActionIcon aria-label={`Remove ${index + 1}`} onClick={onRemoveItem}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
    </Paper>
  )
}

function MultiSchemaFieldTemplate(props: MultiSchemaFieldTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { selector, optionSchemaField, schema } = props
  return (
    <Stack gap="sm">
      <div>
        {selector}
        {schema.description !== undefined && (
          <Text c="dimmed" size="xs" mt={4}>
            {schema.description}
          </Text>
        )}
      </div>
      <div className={classes.chosen}>{optionSchemaField}</div>
    </Stack>
  )
}

function WrapIfAdditionalTemplate(props: WrapIfAdditionalTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { children, schema, id, label, onKeyRenameBlur, onRemoveProperty, disabled, readonly } = props
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return <>{children}</>
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        id={`${id}-key`}
        label="Name"
        defaultValue={label}
        onBlur={onKeyRenameBlur}
        disabled={disabled || readonly}
      />
      <Box flex={1} miw={0}>
        {children}
      </Box>
      {!disabled && (
        <ActionIcon size="lg" aria-label={`Remove ${label}`} onClick={onRemoveProperty}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  )
}

function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => onClick()}
      style={{ alignSelf: 'flex-start' }}
    >
      {label}
    </Button>
  )
}

/** For react-jsonschema-form; the rest are its own. */
export const templates: Partial<TemplatesType<unknown, JsonSchema, SecretFields>> = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
  WrapIfAdditionalTemplate,
  BaseInputTemplate: TextField,
}
