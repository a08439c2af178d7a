/** Something that is shown only now: a sign-in link, a token. */
import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { TimeText } from '../../ui/texts.js'

/** What is to be taken away. */
export interface Shown {
  readonly title: string
  readonly label: string
  readonly text: string
  readonly what: string
  readonly expiresAt: string | null
}

/** A window with the text, a button that copies it, and how long it is good for. */
export function ShownOnce({
  shown,
  onClose,
}: {
  readonly shown: Shown | undefined
  readonly onClose: () => void
}) {
  return (
    <Modal opened={shown !== undefined} onClose={onClose} title={shown?.title} closeOnClickOutside={false}>
      {shown !== undefined && (
        <Stack>
          <Text>{shown.what}</Text>
          <TextInput
            label={shown.label}
            value={shown.text}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
          />
          <Text c="dimmed" component="div">
            {shown.expiresAt === null ? 'It does not expire.' : 'Good until '}
            {shown.expiresAt !== null && <TimeText at={shown.expiresAt} as="exact" />}
          </Text>
          <Group justify="flex-end" gap="xs">
            <CopyButton value={shown.text}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={
                    copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                  }
                >
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
