/** Tabs whose parts have addresses of their own below the page's. */
import { Tabs } from '@mantine/core'
import { type ReactNode, Suspense } from 'react'
import { useNavigate } from 'react-router'
import { Loading } from './loading.js'
import { TabList } from './tab-list.js'

interface TabAddressesProps {
  /** What the tabs are parts of, heard as their name. */
  readonly label: string
  /** The first one has the page's own address. */
  readonly tabs: readonly { readonly value: string; readonly title: string; readonly content: ReactNode }[]
  /** The rest of the address. */
  readonly current: string
  /** @param tab empty for the first */
  readonly addressOf: (tab: string) => string
}

/** Only the content of the chosen one is there; an address of none shows the first. */
export function TabAddresses({ label, tabs, current, addressOf }: TabAddressesProps) {
  const navigate = useNavigate()
  const first = tabs[0]?.value
  const shown = tabs.find(({ value }) => value === current)?.value ?? first
  return (
    <Tabs
      value={shown}
      onChange={(value) =>
        void navigate(addressOf(value === first || value === null ? '' : value), { replace: true })
      }
      keepMounted={false}
    >
      <TabList aria-label={label} current={shown}>
        {tabs.map(({ value, title }) => (
          <Tabs.Tab key={value} value={value}>
            {title}
          </Tabs.Tab>
        ))}
      </TabList>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value} pt="lg">
          {/* A tab may come with a part of the page that is fetched when it is opened. */}
          <Suspense fallback={<Loading what="Opening the tab" />}>{content}</Suspense>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
