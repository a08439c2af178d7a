/** The areas of the page, in the order of the data's way through them. */
import {
  IconActivity,
  IconAddressBook,
  IconDatabaseImport,
  IconHome2,
  IconSend,
  IconSettings,
  IconUsersGroup,
} from '@tabler/icons-react'

/** An entry of the navigation. */
export const AREAS = [
  { path: '/', title: 'Overview', icon: IconHome2 },
  { path: '/sources', title: 'Sources', icon: IconDatabaseImport },
  { path: '/runs', title: 'Runs', icon: IconActivity },
  { path: '/profiles', title: 'Profiles', icon: IconAddressBook },
  { path: '/segments', title: 'Segments', icon: IconUsersGroup },
  { path: '/activations', title: 'Activations', icon: IconSend },
  { path: '/settings', title: 'Settings', icon: IconSettings },
] as const
