/** The areas of the page, in the order of the data's way through them. */
import {
  type Icon,
  IconActivity,
  IconAddressBook,
  IconDatabaseImport,
  IconHome2,
  IconSend,
  IconSettings,
  IconUsersGroup,
} from '@tabler/icons-react'

interface Area {
  readonly path: string
  readonly title: string
  readonly icon: Icon
  /** Further addresses at which its entry is the current one. */
  readonly also?: string
}

/** An entry of the navigation each. */
export const AREAS: readonly Area[] = [
  { path: '/', title: 'Overview', icon: IconHome2 },
  { path: '/sources', title: 'Sources', icon: IconDatabaseImport },
  { path: '/runs', title: 'Runs', icon: IconActivity },
  { path: '/profiles', title: 'Profiles', icon: IconAddressBook },
  { path: '/segments', title: 'Segments', icon: IconUsersGroup },
  { path: '/activations', title: 'Activations', icon: IconSend, also: '/destinations' },
  { path: '/settings', title: 'Settings', icon: IconSettings },
]
