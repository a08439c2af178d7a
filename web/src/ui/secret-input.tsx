/** A secret: typed once, kept by the server, and shown from then on only as the name it is kept under. */
import { Button, CopyButton, Group, Input, PasswordInput, Stack, Text, Textarea } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type CSSProperties, useEffect, useId, useState } from 'react'

interface SecretInputProps {
  readonly label: string
  readonly description?: string
  readonly required?: boolean
  /** True where it can only be looked at: then its value cannot be replaced. @default false */
  readonly disabled?: boolean
  readonly error?: string
  /** The name under which a value is kept already. */
  readonly keptAs?: string
  /** What is typed so far; empty while the kept value stays. */
  readonly value: string
  readonly onChange: (value: string) => void
  /** True for a key or certificate of several lines. @default false */
  readonly multiline?: boolean
  /** Makes a value, where this side may choose one. */
  readonly make?: (() => string) | undefined
  readonly id?: string
}

/** A field that never shows what it holds. */
export function SecretInput(props: SecretInputProps) {
  const { label, description, required, disabled = false, error, keptAs, value, onChange } = props
  const ownId = useId()
  const id = props.id ?? ownId
  const [replacing, setReplacing] = useState(false)
  const [made, setMade] = useState<string>()
  // What is wrong with the kept value is mended by typing another one.
  useEffect(() => {
    if (error !== undefined && !disabled) setReplacing(true)
  }, [error, disabled])
  if (keptAs !== undefined && !replacing && value === '') {
    return (
      <Input.Wrapper
        label={label}
        description={description}
        required={required}
        error={error}
        labelElement="div"
      >
        <Group gap="sm" mt={4}>
          <Group gap={6} c="dimmed">
            <IconLock size={16} aria-hidden />
            Kept as {keptAs}
          </Group>
          {!disabled && (
            <Button
              id={id}
              size="compact-sm"
              variant="default"
              onClick={() => setReplacing(true)}
              aria-label={`Replace: ${label}`}
            >
              Replace
            </Button>
          )}
        </Group>
      </Input.Wrapper>
    )
  }
  const field = {
    id,
    label,
    description,
    required,
    disabled,
    error,
    value,
    autoComplete: 'new-password',
    spellCheck: false,
    autoFocus: replacing,
  } as const
  // A line of input would drop the line breaks that a key needs.
  if (props.multiline)
    return (
      <Textarea
        {...field}
        autoComplete="off"
        autosize
        minRows={3}
        maxRows={6}
        styles={{ input: { WebkitTextSecurity: 'disc' } as CSSProperties }}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  const { make } = props
  const choose = (next: string) => {
    setMade(next)
    onChange(next)
  }
  return (
    <Stack gap={6} align="flex-start">
      <PasswordInput
        {...field}
        w="100%"
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label}` }}
      />
      {make !== undefined && !disabled && value === '' && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Make one: ${label}`}
          onClick={() => choose(make())}
        >
          Make one
        </Button>
      )}
      {made !== undefined && value === made && <MadeSecret label={label} value={made} />}
    </Stack>
  )
}

/** The other side needs it too, and it is shown nowhere once it is kept. */
function MadeSecret({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <Group gap="xs">
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" aria-label={`Copy: ${label}`} onClick={copy}>
            {copied ? 'Copied' : 'Copy it'}
          </Button>
        )}
      </CopyButton>
      <Text size="sm" c="dimmed">
        Give it to whoever runs the other side. Once it is kept, it is shown nowhere.
      </Text>
    </Group>
  )
}
