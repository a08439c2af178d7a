/** Completion scripts for shells, made from the program itself. Pure. */
import type { Command } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

interface Node {
  /** Words after `tributary`, joined by blanks; empty for the program. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly about: string }[]
  /** The folder whose files it takes by name. */
  readonly takes?: keyof typeof NAMES
}

/** The script that a shell evaluates. Names of files come from the workspace of the current folder. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = walk(program, [])
  return { bash, zsh, fish }[shell](nodes)
}

function walk(command: Command, path: readonly string[]): Node[] {
  const subcommands = command.commands.filter((child) => child.name() !== 'help')
  const options = command.options.flatMap(({ long, description }) =>
    long ? [{ word: long, about: description }] : [],
  )
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
  const takes = ARGUMENTS[command.registeredArguments[0]?.name() ?? '']
  const node: Node = {
    path: path.join(' '),
    words: [
      ...subcommands.map((child) => ({ word: child.name(), about: child.summary() })),
      ...choices.map((word) => ({ word, about: '' })),
      ...options,
      { word: '--help', about: 'show help' },
    ],
    ...(takes && { takes }),
  }
  return [node, ...subcommands.flatMap((child) => walk(child, [...path, child.name()]))]
}

/** Commands that list what a folder has. */
const NAMES = { sources: listOf('sources'), activations: listOf('activations') } as const

/** Arguments that are names of files. */
const ARGUMENTS: Readonly<Record<string, Node['takes']>> = { source: 'sources', activation: 'activations' }

function listOf(folder: string): string {
  return `ls ${folder}/*.yaml 2>/dev/null | sed 's|.*/||; s|\\.yaml$||'`
}

/** The longest known command that the words before the cursor begin with. */
const FIND_PATH = (cases: string) => `  local path='' try='' word
  for word in "\${before[@]}"; do
    try="\${try:+$try }$word"
    case "$try" in
      ${cases}) path="$try" ;;
      *) break ;;
    esac
  done`

function cases(nodes: readonly Node[], line: (node: Node) => string): string {
  return nodes.map((node) => `    '${node.path}') ${line(node)} ;;`).join('\n')
}

const known = (nodes: readonly Node[]) =>
  nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join('|')

function bash(nodes: readonly Node[]): string {
  const words = cases(nodes, ({ words, takes }) => {
    const list = words.map(({ word }) => word).join(' ')
    return `words="${list}${takes ? ` $(${NAMES[takes]})` : ''}"`
  })
  return `# eval "$(tributary completion bash)"
_tributary() {
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${FIND_PATH(known(nodes))}
  local words=''
  case "$path" in
${words}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tributary tributary
`
}

function zsh(nodes: readonly Node[]): string {
  const quote = (text: string) =>
    text.replace(/[':\\]/g, (character) => (character === "'" ? '’' : `\\${character}`))
  const words = cases(nodes, ({ words, takes }) => {
    const list = words.map(({ word, about }) => `'${word}${about ? `:${quote(about)}` : ''}'`).join(' ')
    return `words_=(${list}${takes ? ` \${(f)"$(${NAMES[takes]})"}` : ''})`
  })
  return `#compdef tributary
# eval "$(tributary completion zsh)"
_tributary() {
  local -a before words_
  before=("\${(@)words[2,CURRENT-1]}")
${FIND_PATH(known(nodes))}
  case "$path" in
${words}
  esac
  _describe tributary words_
}
compdef _tributary tributary
`
}

function fish(nodes: readonly Node[]): string {
  const quote = (text: string) => text.replaceAll("'", '’')
  const lines = nodes.flatMap(({ path, words, takes }) => {
    const condition =
      path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.split(' ').at(-1)}`
    const names = takes
      ? [`complete -c tributary -n '${condition}' -f -a '(${NAMES[takes].replaceAll("'", '"')})'`]
      : []
    const said = words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c tributary -n '${condition}' ${what}${about ? ` -d '${quote(about)}'` : ''}`
    })
    return [...said, ...names]
  })
  return `# tributary completion fish | source\n${lines.join('\n')}\n`
}
