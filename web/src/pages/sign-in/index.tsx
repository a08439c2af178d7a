/** Signing in by a one-time link: the link's token is exchanged for a session, and the address forgets it. */
import { Button, Center, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { isUnreachable } from '../../api/api-error.js'
import { signIn } from '../../app/session.js'
import { ErrorState } from '../../ui/error-state.js'
import { pageOf, tokenOf } from './link.js'

const AWAY = new Error('the server does not answer; your link is good still: try it again in a moment')

/** The page without a shell. */
export function Component() {
  const location = useLocation()
  const navigate = useNavigate()
  const [link, setLink] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const used = useRef<string>(undefined)
  const enter = async (token: string) => {
    setBusy(true)
    setError(undefined)
    try {
      await signIn(token)
      await navigate(pageOf(location.state?.from), { replace: true })
    } catch (refusal) {
      setError(refusal)
      // The link is good still; its address is gone, so that it stands in the field for another try.
      if (isUnreachable(refusal)) setLink(token)
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => {
    document.title = 'Sign in · Tributary'
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is good once; it is used once, when it comes.
  useEffect(() => {
    const token = tokenOf(location.hash)
    if (token === undefined || used.current === token) return
    used.current = token
    // The address of a page gets around; what signs in is taken out of it.
    void navigate('/sign-in', { replace: true, state: location.state })
    void enter(token)
  }, [location.hash])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = tokenOf(link)
    if (token !== undefined) void enter(token)
  }
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper p="xl" w="100%" maw={440} shadow="sm">
        <form onSubmit={submit}>
          <Stack>
            <img src="/mark.svg" width={40} height={40} alt="" />
            <Title order={1}>Sign in to Tributary</Title>
            <Text c="dimmed">
              You come in by a link that works once. Ask an admin of your workspace for one; the first admin's
              link is printed where the server starts.
            </Text>
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
      </Paper>
    </Center>
  )
}
