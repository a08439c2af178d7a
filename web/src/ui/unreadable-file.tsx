/** A file that somebody is writing by hand and that no form can show yet: what is wrong with it, and its text. */
import { CodeBlock } from './code-block.js'
import { EmptyState } from './empty-state.js'
import { Problems } from './error-state.js'
import { Page } from './page.js'

interface UnreadableFileProps {
  readonly title: string
  readonly above: Parameters<typeof Page>[0]['above']
  /** What it is not yet: "no segment". */
  readonly isNo: string
  readonly text: string
  readonly problems: Parameters<typeof Problems>[0]['problems']
}

/** In the place of the editor. */
export function UnreadableFile({ title, above, isNo, text, problems }: UnreadableFileProps) {
  return (
    <Page title={title} above={above}>
      <EmptyState role="alert" title={`This file is ${isNo} yet`}>
        Somebody is writing it by hand. Put right what is listed here in the file, then it opens.
        <Problems problems={problems} />
      </EmptyState>
      <CodeBlock label="The file as it is" text={text} />
    </Page>
  )
}
