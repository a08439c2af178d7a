/** A name that is typed among others: it counts once it is one that no other has. */
import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

interface NameFieldProps {
  readonly label: { readonly label: string } | { readonly 'aria-label': string }
  readonly name: string
  /** Names of all, this one included. */
  readonly taken: readonly string[]
  readonly onRename: (name: string) => void
  readonly error?: string | undefined
}

/** What was typed stays on show, with what is wrong with it. */
export function NameField({ label, name, taken, onRename, error }: NameFieldProps) {
  const [typed, setTyped] = useState(name)
  useEffect(() => setTyped(name), [name])
  const problem = (text: string) => {
    if (text.trim() === '') return 'Give it a name.'
    return text !== name && taken.includes(text) ? 'This name is taken already.' : undefined
  }
  return (
    <TextInput
      {...label}
      value={typed}
      error={problem(typed) ?? error}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const next = event.currentTarget.value
        setTyped(next)
        if (problem(next) === undefined) onRename(next)
      }}
      onBlur={() => {
        if (problem(typed) !== undefined) setTyped(name)
      }}
    />
  )
}
