/**
 * A form made from a JSON Schema, as connectors' specs have it: titles, descriptions, examples, order, groups, choices. What is
 * typed into a secret field never enters the data: there only `${secret:NAME}` stands.
 */
import { Button, Group, Stack } from '@mantine/core'
// The package's index asks for a validator that compiles code, for its tests alone.
import Form from '@rjsf/core/lib/components/Form.js'
import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { ErrorState } from '../error-state.js'
import type { SecretFields } from './form-context.js'
import { checkedSchema, uiSchemaOf } from './prepare.js'
import { refusedFields } from './refusals.js'
import classes from './schema-form.module.css'
import { secretName } from './secret-names.js'
import { templates } from './templates.js'
import type { JsonObject, JsonSchema } from './types.js'
import { validator } from './validator.js'
import { widgets } from './widgets.js'

/** What a filled form gives: secrets are only named in the data, and what was typed for them stands beside. */
export interface FilledForm {
  readonly data: JsonObject
  /** Typed secrets by name; put each with `saveSecrets` before the data is kept. */
  readonly secrets: Readonly<Record<string, string>>
}

interface SchemaFormProps {
  readonly schema: JsonSchema
  /** What is filled in at first. Secrets stand in it as `${secret:NAME}`. Another `key` starts the form anew. */
  readonly value?: JsonObject
  /** Secrets that were typed for it already, by the names that stand in `value`. */
  readonly secrets?: FilledForm['secrets']
  /** Secrets typed into this form get names that begin with it: `shop` gives `SHOP_PASSWORD`. */
  readonly secretPrefix: string
  /** Called at every change that somebody makes, with what is filled in so far. */
  readonly onChange?: (filled: FilledForm) => void
  /**
   * Called when the form is sent and everything in it is right, with the words of the button that sent it. A refusal that it
   * throws is shown above the buttons, and at the fields that it names.
   */
  readonly onSubmit: (filled: FilledForm, action: string) => Promise<unknown>
  /** The main button: "Test the connection". */
  readonly action: string
  /** Buttons before it, which send the form, too. The first of all is what Enter presses. */
  readonly others?: readonly string[]
  /** True where nothing can be changed: then there are no buttons. @default false */
  readonly disabled?: boolean
  /** Stands at the left of the buttons. */
  readonly children?: ReactNode
}

const AS_TYPED = { emptyObjectFields: 'skipDefaults', allOf: 'skipDefaults' } as const

/** The form with its button. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, value, secrets, secretPrefix, onChange, onSubmit, action, others = [], children } = props
  const disabled = props.disabled ?? false
  const checked = useMemo(() => checkedSchema(schema), [schema])
  const ui = useMemo(() => ({ ...uiSchemaOf(schema), 'ui:label': false }), [schema])
  const [data, setData] = useState<unknown>(value ?? {})
  // Secrets and data change in one turn: a change must hear of both.
  const typed = useRef<Readonly<Record<string, string>>>(secrets ?? {})
  const isShown = useRef(false)
  // A field may hold on to what it was given first: it reaches the present through these.
  const latest = useRef<unknown>(data)
  const listener = useRef(onChange)
  listener.current = onChange
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState<string>()
  const [refusal, setRefusal] = useState<unknown>()
  const refused = useMemo(() => refusedFields(refusal), [refusal])
  const tell = () => {
    // Before it is shown, only the form itself fills something in: the constant that tells a choice.
    if (isShown.current) listener.current?.({ data: withoutEmpty(latest.current), secrets: typed.current })
  }
  const fields: SecretFields = {
    get typed() {
      return typed.current
    },
    nameFor: (fieldId) => secretName(secretPrefix, fieldId),
    type(name, secret) {
      const { [name]: _before, ...others } = typed.current
      typed.current = secret === undefined ? others : { ...others, [name]: secret }
      // The data names the secret already from its second letter on: of those the form would not hear.
      tell()
    },
  }
  useEffect(() => {
    isShown.current = true
  }, [])
  const submit = async (formData: unknown, by: string) => {
    setBusy(by)
    setRefusal(undefined)
    try {
      await onSubmit({ data: withoutEmpty(formData), secrets: typed.current }, by)
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Form<unknown, JsonSchema, SecretFields>
      className={classes.form}
      schema={checked}
      uiSchema={ui}
      validator={validator}
      widgets={widgets}
      templates={templates}
      formContext={fields}
      formData={data}
      disabled={disabled}
      noHtml5Validate
      showErrorList={false}
      focusOnFirstError
      liveValidate={tried ? 'onChange' : undefined}
      {...(refused && { extraErrors: refused })}
      experimental_defaultFormStateBehavior={AS_TYPED}
      onChange={({ formData }) => {
        setData(formData)
        latest.current = formData
        tell()
      }}
      onError={() => setTried(true)}
      onSubmit={({ formData }, event) => void submit(formData, buttonOf(event) ?? action)}
    >
      {disabled ? (
        // Without children there would be a button of the form's own.
        <div>{children}</div>
      ) : (
        <Stack mt="lg">
          {/* What the fields say themselves is not said twice. */}
          {refusal !== undefined && <ErrorState error={refused ? (refusal as Error).message : refusal} />}
          <Group justify="space-between" gap="xs">
            <div>{children}</div>
            <Group gap="xs" justify="flex-end" ml="auto">
              {[...others, action].map((words) => (
                <Button
                  key={words}
                  type="submit"
                  value={words}
                  variant={words === action ? 'filled' : 'default'}
                  loading={busy === words}
                  disabled={busy !== undefined && busy !== words}
                >
                  {words}
                </Button>
              ))}
            </Group>
          </Group>
        </Stack>
      )}
    </Form>
  )
}

/** The words of the button that sent a form. */
function buttonOf({ nativeEvent }: FormEvent): string | undefined {
  const { submitter } = nativeEvent as SubmitEvent
  return submitter instanceof HTMLButtonElement && submitter.value !== '' ? submitter.value : undefined
}

/** What holds nothing is not worth a line in a file. */
function withoutEmpty(value: unknown): JsonObject {
  return (prune(value) ?? {}) as JsonObject
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => prune(item) ?? {})
  if (value === '') return undefined
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([key, held]) => {
    const pruned = prune(held)
    return pruned === undefined ? [] : [[key, pruned] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
