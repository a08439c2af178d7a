/** The frame of every page: brand, navigation, who is signed in, and word of a server that went away. */
import { AppShell, Burger, Group, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect } from 'react'
import { Link, Outlet, useLocation, useNavigation } from 'react-router'
import { AREAS } from './areas.js'
import { ConnectionBanner } from './connection-banner.js'
import { useLiveUpdates } from './live.js'
import { MemberMenu } from './member-menu.js'
import { useSession } from './session.js'
import classes from './shell.module.css'
import { useKeepFocus } from './use-keep-focus.js'
import { useKeepSession } from './use-keep-session.js'

/** The shell around the area's page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure()
  const { workspace, idleMs } = useSession()
  const { pathname } = useLocation()
  const { location: coming } = useNavigation()
  const at = coming?.pathname ?? pathname
  useLiveUpdates()
  useKeepSession(idleMs)
  useKeepFocus()
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere closes the menu of a small screen.
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close navigation' : 'Open navigation'}
              aria-expanded={opened}
              aria-controls="navigation"
            />
            <Link to="/" className={classes.brand}>
              <img src="/mark.svg" width={26} height={26} alt="" />
              <span>Tributary</span>
              <span className={classes.workspace}>{workspace.name}</span>
            </Link>
          </Group>
          <MemberMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm" id="navigation" aria-label="Areas">
        <ul className={classes.list}>
          {AREAS.map(({ path, title, icon: Icon, also }) => (
            <li key={path}>
              <Link
                to={path}
                className={classes.link}
                aria-current={isAt(path, at) || isAt(also, at) ? 'page' : undefined}
              >
                <Icon size={18} stroke={1.7} aria-hidden />
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div role="status">
          {coming && (
            <div className={classes.coming}>
              <VisuallyHidden>Opening the page</VisuallyHidden>
            </div>
          )}
        </div>
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

/** True at the path itself, and below any but the first page's. */
function isAt(path: string | undefined, pathname: string): boolean {
  return path !== undefined && (pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)))
}
