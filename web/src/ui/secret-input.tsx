/** A secret: typed once, kept by the server, and shown from then on only as the name it is kept under. */
import { Button, Group, Input, PasswordInput, Textarea } from '@mantine/core'
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
  readonly id?: string
}

/** A field that never shows what it holds. */
export function SecretInput(props: SecretInputProps) {
  const { label, description, required, disabled = false, error, keptAs, value, onChange } = props
  const ownId = useId()
  const id = props.id ?? ownId
  const [replacing, setReplacing] = useState(false)
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
  return (
    <PasswordInput
      {...field}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label}` }}
    />
  )
}
