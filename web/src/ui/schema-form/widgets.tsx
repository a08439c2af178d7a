/** The fields of forms: Mantine's inputs, each with its label, description and mistake tied to it. */
import { Checkbox, MultiSelect, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { BaseInputTemplateProps, RegistryWidgetsType, WidgetProps } from '@rjsf/utils'
import { lazy, Suspense, useReducer, useRef } from 'react'
import { SecretInput } from '../secret-input.js'
import { uploadFolder, uploadPlace } from '../uploads/upload-names.js'
import type { SecretFields } from './form-context.js'
import { makerOf } from './generate.js'
import { isMultiline } from './prepare.js'
import { referredName, secretReference } from './secret-names.js'
import type { JsonSchema } from './types.js'

const Uploads = lazy(async () => ({ default: (await import('../uploads/uploads.js')).Uploads }))

type Props = WidgetProps<unknown, JsonSchema, SecretFields>

/** A line of text or a number. */
export function TextField(props: BaseInputTemplateProps<unknown, JsonSchema, SecretFields>) {
  const { schema, value, onChange, options, type, placeholder } = props
  const numeric = schema.type === 'number' || schema.type === 'integer'
  return (
    <TextInput
      {...shared(props)}
      type={type === 'email' || type === 'url' || type === 'date' ? type : 'text'}
      inputMode={schema.type === 'integer' ? 'numeric' : numeric ? 'decimal' : undefined}
      value={text(value)}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? options.emptyValue : currentTarget.value)
      }
    />
  )
}

function TextareaField(props: Props) {
  const { value, onChange, options, placeholder } = props
  return (
    <Textarea
      {...shared(props)}
      value={text(value)}
      placeholder={placeholder}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? options.emptyValue : currentTarget.value)
      }
    />
  )
}

function SelectField(props: Props) {
  const { options, value, onChange, placeholder, multiple } = props
  const choices = options.enumOptions ?? []
  const data = choices.map(({ label }, index) => ({ value: String(index), label }))
  const indexOf = (wanted: unknown) => choices.findIndex((choice) => choice.value === wanted)
  if (multiple) {
    const chosen = Array.isArray(value) ? value : []
    return (
      <MultiSelect
        {...shared(props)}
        data={data}
        value={chosen.map((each) => String(indexOf(each)))}
        placeholder={chosen.length === 0 ? placeholder : undefined}
        onChange={(indexes) => onChange(indexes.map((index) => choices[Number(index)]?.value))}
      />
    )
  }
  const index = indexOf(value)
  return (
    <Select
      {...shared(props)}
      data={data}
      value={index < 0 ? null : String(index)}
      placeholder={placeholder ?? 'Choose'}
      searchable={choices.length > 8}
      clearable={!props.required && props.schema.default !== 0}
      clearButtonProps={{ 'aria-label': `Clear: ${props.label}` }}
      onChange={(picked) => onChange(picked === null ? options.emptyValue : choices[Number(picked)]?.value)}
    />
  )
}

function CheckboxField(props: Props) {
  const { value, onChange, options } = props
  return (
    <Checkbox
      {...shared(props)}
      required={false}
      checked={value === undefined ? options.standard === true : value === true}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  )
}

function TagsField(props: Props) {
  const { value, onChange, options } = props
  // Fields of lists get it among the options.
  const placeholder = props.placeholder || options.placeholder
  const tags = Array.isArray(value) ? value.map(String) : []
  return (
    <TagsInput
      {...shared(props)}
      value={tags}
      placeholder={tags.length === 0 && typeof placeholder === 'string' ? placeholder : undefined}
      acceptValueOnBlur
      splitChars={[',', '\n']}
      onChange={(next) => {
        const parts = next.flatMap((part) => part.split(/[,\n]/)).map((part) => part.trim())
        const kept = [...new Set(parts.filter((part) => part !== ''))]
        onChange(kept.length === 0 ? options.emptyValue : kept)
      }}
    />
  )
}

function SecretField(props: Props) {
  const { id, value, onChange, options, registry, schema } = props
  const { typed, nameFor, type } = registry.formContext
  // The data stays the same while somebody types: it only names the secret.
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  const held = referredName(value)
  const name = held ?? nameFor(id)
  const fresh = held === undefined ? undefined : typed[held]
  const before = useRef(fresh === undefined ? held : undefined).current
  const { label, description, error, required, disabled } = shared(props)
  return (
    <SecretInput
      id={id}
      label={String(label)}
      description={description}
      required={required}
      disabled={disabled}
      error={error}
      multiline={isMultiline(schema)}
      make={makerOf(schema)}
      keptAs={held !== undefined && fresh === undefined ? held : undefined}
      value={fresh ?? ''}
      onChange={(next) => {
        type(name, next === '' ? undefined : next)
        redraw()
        // What was kept before stays where its replacement is taken out again.
        const rest = before === undefined ? options.emptyValue : secretReference(before)
        onChange(next === '' ? rest : secretReference(name))
      }}
    />
  )
}

/** A folder that can be filled from here; the text stays for folders of the worker's machine. */
function UploadFolderField(props: Props) {
  const { value, onChange, schema, disabled, readonly } = props
  const folder = uploadFolder(value)
  const isEmpty = value === undefined || value === ''
  const accept: unknown = schema['x-upload']
  const offers = !disabled && !readonly && (isEmpty || folder !== undefined) && Array.isArray(accept)
  return (
    <Stack gap="xs">
      {offers && (
        <Suspense>
          <Uploads
            folder={folder}
            accept={accept.map(String)}
            onFolder={(made) => onChange(uploadPlace(made))}
          />
        </Suspense>
      )}
      <TextField {...props} />
    </Stack>
  )
}

/** Everything that a spec can ask for. */
export const widgets: RegistryWidgetsType<unknown, JsonSchema, SecretFields> = {
  TextareaWidget: TextareaField,
  SelectWidget: SelectField,
  RadioWidget: SelectField,
  CheckboxWidget: CheckboxField,
  CheckboxesWidget: SelectField,
  PasswordWidget: SecretField,
  textarea: TextareaField,
  secret: SecretField,
  tags: TagsField,
  upload: UploadFolderField,
}

function shared(props: Props) {
  const { id, name, label, hideLabel, required, disabled, readonly, rawErrors, schema, options } = props
  const description = options.description ?? schema.description
  return {
    id,
    name,
    label: hideLabel ? undefined : label,
    'aria-label': hideLabel ? label : undefined,
    description: typeof description === 'string' && description !== '' ? description : undefined,
    required,
    disabled: disabled || readonly,
    error: rawErrors === undefined || rawErrors.length === 0 ? undefined : rawErrors.join(' '),
  }
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
