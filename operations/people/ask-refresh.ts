/** What was said about people takes effect with a refresh: asks for one, and does not fail where nobody can take it. */
import { type RefreshContext, startRefresh } from '../refresh.js'

/** The refresh that was asked for, or why none was. */
export type AskedRefresh =
  | { readonly asked: true; readonly workflowId: string; readonly runId: string }
  | { readonly asked: false; readonly reason: string }

/** Never throws: what was said is kept, and every later refresh sees it. @param wanted false: nothing is asked for */
export async function askRefresh(context: RefreshContext, wanted: boolean): Promise<AskedRefresh> {
  if (!wanted) return { asked: false, reason: 'not wanted' }
  try {
    const { workflowId, runId } = await startRefresh(context)
    return { asked: true, workflowId, runId }
  } catch (error) {
    return { asked: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
