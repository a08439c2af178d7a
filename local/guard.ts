/**
 * Stops the children of this process when it dies without stopping them itself, kill -9 included.
 * The guard is a small shell in a session of its own that reads from a pipe; only the death of this process closes the pipe.
 */
import { type ChildProcess, spawn } from 'node:child_process'

/** Signal first, five seconds to stop, then SIGKILL. A line is `+ pid signal` or `- pid`. */
const SCRIPT = `
trap '' HUP INT TERM
list=
while read -r op pid sig; do
  kept=
  for entry in $list; do [ "\${entry%:*}" = "$pid" ] || kept="$kept $entry"; done
  list=$kept
  [ "$op" = + ] && list="$list $pid:$sig"
done
alive() { for entry in $list; do kill -0 "\${entry%:*}" 2>/dev/null && return 0; done; return 1; }
for entry in $list; do kill -s "\${entry#*:}" "\${entry%:*}" 2>/dev/null; done
n=0
while alive && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
for entry in $list; do kill -s KILL "\${entry%:*}" 2>/dev/null; done
exit 0
`

let guard: ChildProcess | undefined

/**
 * Has the child stopped when this process dies; returns the function that ends the care, to be called when the child has exited.
 * @param signal what asks the child to stop; SIGKILL follows five seconds later
 */
export function guardChild(pid: number, signal: NodeJS.Signals): () => void {
  if (process.platform === 'win32') return () => undefined
  guard ??= startGuard()
  const { stdin } = guard
  stdin?.write(`+ ${pid} ${signal.slice(3)}\n`)
  return () => stdin?.write(`- ${pid}\n`)
}

function startGuard(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  shell.unref()
  // The pipe may not keep this process alive; pipes of a child are sockets, which the general stream type does not say.
  ;(shell.stdin as unknown as { unref(): void }).unref()
  shell.stdin?.on('error', () => undefined)
  shell.on('error', () => undefined)
  shell.on('exit', () => {
    if (guard === shell) guard = undefined
  })
  return shell
}
