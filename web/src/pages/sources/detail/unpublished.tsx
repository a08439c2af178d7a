/** The draft of a source differs from what is published: says so, and publishes it. */
import { useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Unpublished } from '../../../ui/draft/unpublished.js'
import { notifyDone } from '../../../ui/notify.js'
import { publishSource, type SourceLine } from '../api.js'

const WORDS = {
  new: 'Nobody has published this source yet, so it is not synced.',
  changed: 'Its settings were changed, and the change is not published: syncs go on as before.',
  removed: 'Its file was deleted, and that is not published: syncs go on as before.',
}

/** Nothing where there is no difference. */
export function UnpublishedSource({ source: { id, state } }: { readonly source: SourceLine }) {
  const allowed = useCan('marketer')
  const forget = useForget()
  const navigate = useNavigate()
  if (state === 'published') return null
  const publish = async () => {
    await publishSource(id)
    if (state === 'removed') await navigate('/sources')
    await forget('/api/v1/')
    notifyDone(state === 'removed' ? `${id} is removed; what it loaded stays.` : `${id} is published.`)
  }
  return <Unpublished id={id} state={state} words={WORDS} {...(allowed && { publish })} />
}
