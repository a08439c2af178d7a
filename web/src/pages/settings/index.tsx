/** Who may do what, what is kept, and who did what. */
import { Tabs } from '@mantine/core'
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router'
import { can, type Role } from '../../app/roles.js'
import { useSession } from '../../app/session.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Page } from '../../ui/page.js'
import { TabList } from '../../ui/tab-list.js'
import { Audit } from './audit.js'
import { Files } from './files/files.js'
import { Members } from './members.js'
import { Published } from './published/published.js'
import { Retention } from './retention.js'
import { Secrets } from './secrets.js'
import { Tokens } from './tokens.js'

const PARTS: readonly {
  readonly path: string
  readonly title: string
  readonly role: Role
  readonly show: () => React.ReactNode
}[] = [
  { path: 'members', title: 'Members', role: 'admin', show: Members },
  { path: 'tokens', title: 'Tokens', role: 'admin', show: Tokens },
  { path: 'secrets', title: 'Secrets', role: 'marketer', show: Secrets },
  { path: 'retention', title: 'Retention', role: 'operator', show: Retention },
  { path: 'files', title: 'Files', role: 'operator', show: Files },
  { path: 'published', title: 'Published', role: 'operator', show: Published },
  { path: 'audit', title: 'Who did what', role: 'admin', show: Audit },
]

/** The area's page: the parts that the reader's role may see. */
export function Component() {
  const { role } = useSession()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const parts = PARTS.filter((part) => can(role, part.role))
  const [first] = parts
  const current = parts.find(({ path }) => pathname.startsWith(`/settings/${path}`)) ?? first
  return (
    <Page title="Settings" part={current?.title}>
      {first === undefined ? (
        <EmptyState title="Nothing here is yours to change">
          Your role is {role}. An admin of the workspace changes members and tokens, and your role.
        </EmptyState>
      ) : (
        <>
          <Tabs
            value={current?.path ?? first.path}
            onChange={(path) => void navigate(`/settings/${path}`)}
            keepMounted={false}
          >
            <TabList current={current?.path}>
              {parts.map(({ path, title }) => (
                <Tabs.Tab key={path} value={path}>
                  {title}
                </Tabs.Tab>
              ))}
            </TabList>
            {parts.map(({ path, show: Show }) => (
              <Tabs.Panel key={path} value={path} pt="lg">
                <Show />
              </Tabs.Panel>
            ))}
          </Tabs>
          <Routes>
            <Route index element={<Navigate to={first.path} replace />} />
            <Route path="*" element={null} />
          </Routes>
        </>
      )}
    </Page>
  )
}
