/** A page: its title in the window and as the heading that gets the focus on arrival, what it is for, what can be done. */
import { Anchor, Box, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation, useNavigationType } from 'react-router'

export interface PageProps {
  /** The heading, and the window's title. */
  readonly title: string
  /** What of it is on show, before the title in the window: a tab that is a page of its own. */
  readonly part?: string
  /** One sentence below the heading. */
  readonly description?: ReactNode
  /** Pages above this one, outermost first. */
  readonly above?: readonly { readonly title: string; readonly to: string }[]
  /** Beside the title: a badge. */
  readonly mark?: ReactNode
  /** Buttons at the right; the main one last. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of what an area shows at one address. Give it a `key` where the same page shows another thing. */
export function Page({ title, part, description, above = [], mark, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${part === undefined ? '' : `${part} · `}${title} · Tributary`
  }, [title, part])
  return (
    <Stack gap="lg" maw={1320}>
      <PageHeader title={title} description={description} above={above} mark={mark} actions={actions} />
      {children}
    </Stack>
  )
}

/** Sends who works by keys to the heading of the page on show: what had the focus is gone, or goes. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>('#main h1')?.focus({ preventScroll: true })
}

/** The top of a page; {@link Page} has one already. */
export function PageHeader({
  title,
  description,
  above = [],
  mark,
  actions,
}: Omit<PageProps, 'children' | 'part'>) {
  const heading = useRef<HTMLHeadingElement>(null)
  const held = useRef<Element>(undefined)
  const navigation = useNavigationType()
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter or a tab that the address keeps is no arrival.
  useEffect(() => {
    // The first load, and the way back, leave all as the browser has it; else readers hear and see where they came to.
    if (navigation === 'POP') return
    heading.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [pathname])
  useEffect(() => {
    // What can be done changes with what goes on: a button that went, or the window that it opened, takes the focus with it.
    if (held.current?.isConnected !== false || document.activeElement !== document.body) return
    held.current = undefined
    heading.current?.focus({ preventScroll: true })
  })
  return (
    <Box component="header">
      {above.length > 0 && (
        <nav aria-label="Above this page">
          <Breadcrumbs separatorMargin={6} mb={8}>
            {above.map((page) => (
              <Anchor key={page.to} component={Link} to={page.to} size="sm">
                {page.title}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0} flex="1 1 280px">
          <Group gap="sm">
            <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {mark}
          </Group>
          {description !== undefined && (
            <Text c="dimmed" mt={4} maw="72ch" component="div">
              {description}
            </Text>
          )}
        </Box>
        {actions !== undefined && (
          <Group
            gap="xs"
            onFocus={({ target }) => {
              held.current = target
            }}
          >
            {actions}
          </Group>
        )}
      </Group>
    </Box>
  )
}
