/** The frame of every page: brand, navigation, who is signed in, and word of a server that went away. */
import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect } from 'react'
import { Link, NavLink, Outlet, useLocation } from 'react-router'
import { AREAS } from './areas.js'
import { ConnectionBanner } from './connection-banner.js'
import { useLiveUpdates } from './live.js'
import { MemberMenu } from './member-menu.js'
import { useSession } from './session.js'
import classes from './shell.module.css'

/** The shell around the area's page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure()
  const { workspace } = useSession()
  const { pathname } = useLocation()
  useLiveUpdates()
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
          {AREAS.map(({ path, title, icon: Icon }) => (
            <li key={path}>
              <NavLink to={path} end={path === '/'} className={classes.link}>
                <Icon size={18} stroke={1.7} aria-hidden />
                {title}
              </NavLink>
            </li>
          ))}
        </ul>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
