/** The command line as reference: what `--help` prints, of every command, at a fixed width. */

const COLUMNS = 100

/** @returns {{ name: string, help: string }[]} the program first, then every command in the order of the help */
export function commandHelps(program) {
  return walk(program, '').map(({ command, name }) => ({ name, help: helpOf(command) }))
}

function walk(command, parent) {
  const name = `${parent} ${command.name()}`.trim()
  const children = command.commands.filter((child) => child.name() !== 'help')
  return [{ command, name }, ...children.flatMap((child) => walk(child, name))]
}

function helpOf(command) {
  const lines = []
  command.configureOutput({
    writeOut: (text) => lines.push(text),
    getOutHelpWidth: () => COLUMNS,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return lines
    .join('')
    .replace(/[ \t]+$/gm, '')
    .trim()
}
