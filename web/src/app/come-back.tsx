/** Covers the page of whoever left it for long, or worked in it for very long: nobody who passes by reads it, and nothing that was begun is lost. */
import { Center, Modal, Paper, Stack, Text } from '@mantine/core'
import classes from './come-back.module.css'
import { SignInForm, useSigningIn } from './sign-in-form.js'

/** Over everything, dialogs too, until somebody signs in, here or in another window. */
export function ComeBack() {
  const signing = useSigningIn(() => undefined)
  return (
    <Modal.Root
      opened
      onClose={() => undefined}
      fullScreen
      closeOnEscape={false}
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
      zIndex={10_000}
    >
      <Modal.Content className={classes.content}>
        <Modal.Body>
          <Center mih="90vh">
            <Paper p="xl" w="100%" maw={440} shadow="sm">
              <Stack>
                <Modal.Title className={classes.title}>Your session ended</Modal.Title>
                <Text c="dimmed">
                  It ends when nobody uses it for a while, and after twelve hours. What you were doing is kept
                  here: sign in again, in this window or in another one, and go on. Ask an admin of your
                  workspace for a link.
                </Text>
                <SignInForm signing={signing} />
              </Stack>
            </Paper>
          </Center>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
