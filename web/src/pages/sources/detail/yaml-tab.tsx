/** The source as the file that it is. */
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { DraftFile } from '../../../ui/draft/draft-file.js'

/** YAML with the secrets as references. */
export function YamlTab({ id }: { readonly id: string }) {
  const source = useRead('/api/v1/sources/{id}', { params: { path: { id } } })
  return (
    <Answer of={source} what="the file">
      {({ path, text, problems }) => <DraftFile path={path} text={text} problems={problems} />}
    </Answer>
  )
}
