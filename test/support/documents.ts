/** What a page of documentation says in code: its blocks, its commands. */
import type { Command } from 'commander'

/** The contents of fenced blocks of a language. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  )
}

/** Uses of `tributary`, in shell blocks and in running text, as words. */
export function commandLines(text: string): string[][] {
  const lines = codeBlocks(text, 'sh').flatMap((block) => block.split('\n'))
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '')
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
  return [...lines, ...inline]
    .flatMap((line) => line.replace(/\s#\s.*$/, '').split('&&'))
    .map((line) => line.trim().replace(/^(?:[A-Z_]+=\S+ )*(?:npx )?/, ''))
    .filter((line) => line.startsWith('tributary '))
    .map((line) => line.match(/"[^"]*"|'[^']*'|\S+/g)!.slice(1))
}

/** Names of package scripts that a text runs. */
export function npmScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm run (?:--silent )?(\w[\w-]*)/g)].map((match) => match[1]!)
}

/** What is wrong with these uses of the program: a command or an option that it does not have. */
export function badCommands(program: Command, uses: readonly string[][]): string[] {
  return uses.flatMap((words) => {
    const { command, unknown } = find(program, words)
    if (unknown !== undefined) return [`there is no command tributary ${words.join(' ')}`]
    const known = ['--help', '--version', ...command.options.map(({ long }) => long)]
    return words
      .filter((word) => word.startsWith('--') && !known.includes(word))
      .map((option) => `tributary ${words.join(' ')} has no option ${option}`)
  })
}

function find(
  program: Command,
  words: readonly string[],
): { readonly command: Command; readonly unknown?: string } {
  let command = program
  for (const word of words) {
    if (command.commands.length === 0 || /^[-<…]/.test(word)) break
    const next = command.commands.find((child) => child.name() === word)
    if (next === undefined) return { command, unknown: word }
    command = next
  }
  return { command }
}
