/** The menu behind three dots: what else can be done with a thing. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'

interface MoreMenuProps {
  /** Heard as the button's name: "More for shop". */
  readonly label: string
  /** True beside other buttons of a page's top. @default false */
  readonly framed?: boolean
  /** `Menu.Item`s. */
  readonly children: ReactNode
}

/** A button and its menu; a window that an item opens gives the focus back to the button. */
export function MoreMenu({ label, framed = false, children }: MoreMenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          ref={button}
          aria-label={label}
          {...(framed && ({ variant: 'default', size: 'lg' } as const))}
        >
          <IconDots size={framed ? 18 : 16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      {/* The item is gone when the window closes: what had the focus before it opened must be what stays. */}
      <Menu.Dropdown onClickCapture={() => button.current?.focus()}>{children}</Menu.Dropdown>
    </Menu>
  )
}
