/** The line of tabs: on a narrow screen it scrolls, and the chosen one is always in sight. */
import { Tabs, type TabsListProps } from '@mantine/core'
import { useEffect, useRef } from 'react'

/** In place of Mantine's. @param current the chosen tab */
export function TabList({ current, ...rest }: TabsListProps & { readonly current: string | undefined }) {
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the reason to look where it is.
  useEffect(() => {
    const line = list.current
    const chosen = line?.querySelector<HTMLElement>('[aria-selected="true"]')
    if (line === null || chosen === null || chosen === undefined) return
    // Only the line moves, never the page.
    line.scrollLeft = chosen.offsetLeft - (line.clientWidth - chosen.offsetWidth) / 2
  }, [current])
  return <Tabs.List ref={list} {...rest} />
}
