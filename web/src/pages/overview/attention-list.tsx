/** What needs attention: each with what to do, and the way to where it is done. */
import { Anchor, Group, Paper, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconUrgent } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { components } from '../../api/schema.js'
import { Section } from '../../ui/section.js'
import { TimeText } from '../../ui/texts.js'
import { sentenceOf } from '../../ui/words.js'
import { linkOf } from './links.js'
import classes from './overview.module.css'

type Attention = components['schemas']['Attention']

const SIGNS = {
  error: { icon: IconUrgent, tone: 'bad', word: 'Failed' },
  warning: { icon: IconAlertTriangle, tone: 'attention', word: 'Look at this' },
  info: { icon: IconInfoCircle, tone: 'progress', word: 'To know' },
} as const

interface AttentionListProps {
  readonly items: readonly Attention[]
  /** False where nothing has run yet that could have gone wrong. */
  readonly isUsed: boolean
}

/** The list, or that all is well. */
export function AttentionList({ items, isUsed }: AttentionListProps) {
  return (
    <Section title="Needs attention" bare>
      {items.length === 0 ? (
        <Paper p="md">
          <Group gap="sm" wrap="nowrap">
            <IconCircleCheck size={20} aria-hidden color="var(--tone-good-mark)" />
            <Text>
              {isUsed
                ? 'Nothing. Everything that ran last ended well.'
                : 'Nothing yet. What fails, is late or waits for somebody shows here.'}
            </Text>
          </Group>
        </Paper>
      ) : (
        <ul className={classes.attention}>
          {items.map((item) => (
            <Item key={`${item.about}:${item.id}:${item.message}`} item={item} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Item({ item }: { readonly item: Attention }) {
  const { icon: Icon, tone, word } = SIGNS[item.severity]
  const link = linkOf(item)
  return (
    <li className={classes.item} data-tone={tone}>
      <Icon size={20} aria-label={word} role="img" className={classes.sign} />
      <div className={classes.words}>
        <Text fw={550}>{headline(item)}</Text>
        <Text c="dimmed">{sentenceOf(item.remedy)}</Text>
      </div>
      <Group gap="md" wrap="nowrap" className={classes.aside}>
        {item.at !== null && (
          <Text c="dimmed" size="sm" component="div">
            <TimeText at={item.at} />
          </Text>
        )}
        {link !== undefined && <Way {...link} />}
      </Group>
    </li>
  )
}

/** What stands on this page is gone to by the browser itself, so that it comes into sight. */
function Way({ to, title }: { readonly to: string; readonly title: string }) {
  return to.startsWith('#') ? (
    <Anchor href={to} size="sm">
      {title}
    </Anchor>
  ) : (
    <Anchor component={Link} to={to} size="sm">
      {title}
    </Anchor>
  )
}

/** The message with the name of what it is about, where it does not say that itself. */
function headline({ about, id, message }: Attention): string {
  const named = about === 'source' || about === 'segment' || about === 'activation'
  return named && id !== null ? `${id}: ${sentenceOf(message)}` : sentenceOf(message)
}
