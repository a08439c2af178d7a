/** Text of a machine that a reader may want to see and take: YAML, SQL, JSON. */
import { ActionIcon, Box, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './code-block.module.css'

interface CodeBlockProps {
  readonly text: string
  /** What it is, heard and shown: "The segment as YAML". */
  readonly label: string
  /** Scrolls beyond this height, in pixels. @default 420 */
  readonly maxHeight?: number
}

/** Code in lines, with a button that copies it. */
export function CodeBlock({ text, label, maxHeight = 420 }: CodeBlockProps) {
  return (
    <Box className={classes.frame}>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon className={classes.copy} onClick={copy} aria-label={`Copy: ${label}`}>
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.scroll} style={{ maxHeight }} tabIndex={0} aria-label={label}>
        <pre className={classes.code}>
          <code>{text}</code>
        </pre>
      </section>
    </Box>
  )
}
