/** Signing in by a one-time link: the link's token is exchanged for a session, and the address forgets it. */
import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { SignInForm, useSigningIn } from '../../app/sign-in-form.js'
import { pageOf, tokenOf } from '../../app/sign-in-link.js'

/** The page without a shell. */
export function Component() {
  const location = useLocation()
  const navigate = useNavigate()
  const signing = useSigningIn(async () => navigate(pageOf(location.state?.from), { replace: true }))
  const used = useRef<string>(undefined)
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
    void signing.enter(token)
  }, [location.hash])
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper p="xl" w="100%" maw={440} shadow="sm">
        <Stack>
          <img src="/mark.svg" width={40} height={40} alt="" />
          <Title order={1}>Sign in to Tributary</Title>
          <Text c="dimmed">
            You come in by a link that works once. Ask an admin of your workspace for one; the first admin's
            link is printed where the server starts.
          </Text>
          <SignInForm signing={signing} />
        </Stack>
      </Paper>
    </Center>
  )
}
