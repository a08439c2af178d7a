/** Who is signed in, the colour scheme, and the way out. */
import {
  Avatar,
  type MantineColorScheme,
  Menu,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { signOut, useSession } from './session.js'
import classes from './shell.module.css'

const SCHEMES = [
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
  { value: 'auto', title: 'As this device' },
] as const

/** The menu at the right of the header. */
export function MemberMenu() {
  const { member, role } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <UnstyledButton className={classes.member}>
          <span className={classes.memberName}>{member.name}</span>
          <VisuallyHidden>: account and look</VisuallyHidden>
          <Avatar size={30} color="river" variant="filled" name={member.name} alt="" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {member.name} · {role}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Look</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        >
          {SCHEMES.map(({ value, title }) => (
            <Menu.RadioItem key={value} value={value}>
              {title}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
