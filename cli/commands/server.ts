/** `server`, `login-link`, `export openapi`: the page and the API, and the way into them. */
import type { Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { ExitCode } from '../errors.js'
import { formatTime } from '../format.js'
import { authorOf } from '../people.js'

export function addServerCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'server',
      summary: 'serve the page and the API in the foreground',
      details:
        'Listens on 127.0.0.1. Behind a proxy with TLS set TRIBUTARY_SERVER_HOST to listen elsewhere and TRIBUTARY_SERVER_URL\nto the address that people use. The first start shows a link to sign in with.',
      examples: ['server', 'server --port 8080'],
    },
    async ({ workspaceDir }, _args, { port }: { readonly port?: number }) => {
      process.env.TRIBUTARY_WORKSPACE = workspaceDir
      if (port !== undefined) process.env.TRIBUTARY_SERVER_PORT = String(port)
      // The composition root of the server runs as it is loaded, and ends the process.
      await import('../../server/main.js')
      return new Promise<never>(() => undefined)
    },
  ).option('--port <n>', 'where to listen; 0: any free port', wholeNumber('--port'))

  addCommand(
    program,
    {
      name: 'login-link [member]',
      summary: 'make a link that signs somebody in to the page once',
      details:
        'Good for 15 minutes. Where nobody is named it is for the admin who is longest here; the first one is made so.',
      examples: ['login-link', 'login-link "Ada Lovelace"'],
    },
    async (invocation, [member]) => {
      const { serverAddress, signInLink } = await import('../../operations/members/sign-in.js')
      const link = await signInLink(await invocation.context(), {
        serverUrl: await serverAddress(invocation.workspaceDir),
        by: authorOf({}),
        ...(member !== undefined && { member }),
      })
      invocation.output.result(link, () => link.url)
      if (!invocation.output.json)
        invocation.output.note(
          `signs ${link.member.name} (${link.member.role}) in once, until ${formatTime(link.expiresAt)} UTC`,
        )
    },
  )

  const group = program.command('export').summary('descriptions for other tools')
  addCommand(
    group,
    {
      name: 'openapi',
      summary: 'description of the API (OpenAPI 3.1) as JSON',
      examples: ['export openapi > openapi.json'],
    },
    async (invocation) => {
      const { openApiDocument } = await import('../../server/openapi.js')
      const { routes } = await import('../../server/api/index.js')
      const { productVersion } = await import('../../runtime/version.js')
      const document = openApiDocument(routes, productVersion())
      invocation.output.result(document, () => JSON.stringify(document, null, 2))
      return ExitCode.ok
    },
  )
}
