/** The field and the button that sign in by a one-time link, and what kept a link from working. */
import { Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { isUnreachable } from '../api/api-error.js'
import { ErrorState } from '../ui/error-state.js'
import { signIn } from './session.js'
import { tokenOf } from './sign-in-link.js'

const AWAY = new Error('the server does not answer; your link is good still: try it again in a moment')

/** Signing in, as far as it is. */
export interface SigningIn {
  readonly link: string
  readonly busy: boolean
  readonly error: unknown
  setLink(link: string): void
  /** @param token what a link carries */
  enter(token: string): Promise<void>
}

/** @param onIn called once somebody is signed in */
export function useSigningIn(onIn: () => Promise<void> | void): SigningIn {
  const [link, setLink] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const enter = async (token: string) => {
    setBusy(true)
    setError(undefined)
    try {
      await signIn(token)
      await onIn()
    } catch (refusal) {
      setError(refusal)
      // The link is good still; its address is gone, so that it stands in the field for another try.
      if (isUnreachable(refusal)) setLink(token)
    } finally {
      setBusy(false)
    }
  }
  return { link, busy, error, setLink, enter }
}

/** The form. */
export function SignInForm({ signing }: { readonly signing: SigningIn }) {
  const { link, busy, error, setLink, enter } = signing
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = tokenOf(link)
    if (token !== undefined) void enter(token)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {error !== undefined &&
          (isUnreachable(error) ? (
            <ErrorState title="You are not signed in yet" error={AWAY} />
          ) : (
            <ErrorState title="This link did not work" error={error} />
          ))}
        <TextInput
          label="Your link"
          description="Paste it here if opening it did not bring you in."
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" loading={busy} disabled={tokenOf(link) === undefined}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
