/**
 * The process that asks a connector one question, answers and ends. The connector may hang, crash or take all memory here: who
 * asked ends this process and goes on.
 */

import { checkOpened, discoverOpened } from '../connector-answers.js'
import { describeFailure, loadOpened } from '../connector-session.js'
import type { ApartAnswer, ApartQuestion } from './question.js'

// Nobody waits any more.
process.once('disconnect', () => process.exit())
process.once('message', async (question) => {
  const answer = await answerTo(question as ApartQuestion)
  // What the connector left open holds nobody up.
  process.send!(answer, () => process.exit())
})

async function answerTo({
  verb,
  workspaceDir,
  connector,
  config,
  ...rest
}: ApartQuestion): Promise<ApartAnswer> {
  const warnings: string[] = []
  const options = { ...rest, onWarning: (warning: string) => warnings.push(warning) }
  try {
    const opened = await loadOpened(workspaceDir, connector, config)
    if (verb === 'check') return { checked: await checkOpened({ workspaceDir }, opened, options), warnings }
    return { found: await discoverOpened({ workspaceDir }, opened, options), warnings }
  } catch (error) {
    return { failure: describeFailure(error), warnings }
  }
}
