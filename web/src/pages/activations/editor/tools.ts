/** What every part of the editor works with: the definition, a way to change it, what can be named, and what is wrong where. */
import { createContext, useContext } from 'react'
import { sentenceOf } from '../../../ui/words.js'
import type { Definition } from '../model/definition.js'
import type { TargetObject } from '../model/fit.js'
import type { PlacedProblem } from '../model/gaps.js'
import type { Known } from '../model/values.js'

export interface EditorTools {
  readonly definition: Definition
  readonly change: (definition: Definition) => void
  readonly known: Known
  /** The object that is chosen; undefined where none is, or the destination does not say. */
  readonly object: TargetObject | undefined
  readonly problems: readonly PlacedProblem[]
}

const ToolsContext = createContext<EditorTools | undefined>(undefined)

/** Gives the tools to everything below. */
export const ToolsProvider = ToolsContext.Provider

/** The editor's tools; only inside of it. */
export function useTools(): EditorTools {
  const tools = useContext(ToolsContext)
  if (tools === undefined) throw new Error('using the editor: this part stands outside of it')
  return tools
}

/** Problems as the text under a field; undefined where there are none. */
export function errorText(problems: readonly PlacedProblem[]): string | undefined {
  if (problems.length === 0) return undefined
  return problems.map(({ message, remedy }) => `${sentenceOf(message)} ${sentenceOf(remedy)}`).join(' ')
}
