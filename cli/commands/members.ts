/** `members list|invite|role|remove`: who may use the page, as what. */
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { formatTime, table } from '../format.js'
import { authorOf } from '../people.js'

const ROLES_HELP =
  'Roles: viewer (reads, without personal data), marketer (people, segments, sources, activations), operator (runs, files,\nrejected rows), admin (members, tokens, audit). Each may do all that the one before may.'

export function addMemberCommands(program: Command): void {
  const group = program.command('members').summary('say who may use the page')

  addCommand(
    group,
    { name: 'list', summary: 'those who are members now', examples: ['members list'] },
    async (invocation) => {
      const { listMembers } = await import('../../operations/members/members.js')
      const members = await listMembers(await invocation.context())
      invocation.output.result(members, () =>
        members.length === 0
          ? 'nobody yet; tributary login-link lets the first one in'
          : table(
              [{ title: 'name' }, { title: 'role' }, { title: 'since' }],
              members.map(({ name, role, since }) => [name, role, formatTime(since)]),
            ),
      )
    },
  )

  addCommand(
    group,
    {
      name: 'invite <name>',
      summary: 'add a member, and make the link with which they sign in first',
      details: `The link is good for three days and one sign-in. ${ROLES_HELP}`,
      examples: ['members invite "Ada Lovelace" --role marketer'],
    },
    async (invocation, [name], { role }: { readonly role: string }) => {
      const [{ inviteMember }, { asRole }, { serverAddress }, { signInPath }] = await Promise.all([
        import('../../operations/members/members.js'),
        import('../../operations/members/roles.js'),
        import('../../operations/members/sign-in.js'),
        import('../../operations/members/links.js'),
      ])
      const serverUrl = await serverAddress(invocation.workspaceDir)
      const { member, link } = await inviteMember(await invocation.context(), {
        name: name!,
        role: asRole(role),
        by: authorOf({}),
      })
      const url = serverUrl + signInPath(link.token)
      invocation.output.result({ member, url, expiresAt: link.expiresAt }, () => url)
      if (!invocation.output.json)
        invocation.output.note(
          `for ${member.name} (${member.role}): signs in once, until ${formatTime(link.expiresAt)} UTC`,
        )
    },
  ).option('--role <role>', 'viewer, marketer, operator or admin', 'viewer')

  addCommand(
    group,
    {
      name: 'role <member> <role>',
      summary: 'change what a member may do; it counts from their next click',
      details: ROLES_HELP,
      examples: ['members role "Ada Lovelace" operator'],
    },
    async (invocation, [named, role]) => {
      const [{ changeRole }, { asRole }] = await Promise.all([
        import('../../operations/members/members.js'),
        import('../../operations/members/roles.js'),
      ])
      const change = { role: asRole(role!), by: authorOf({}) }
      const member = await changeRole(await invocation.context(), named!, change)
      invocation.output.result(member, () => `${member.name} is ${member.role}`)
    },
  )

  addCommand(
    group,
    {
      name: 'remove <member>',
      summary: 'remove a member: their sessions are over, their links are void',
      examples: ['members remove "Ada Lovelace"'],
    },
    async (invocation, [named]) => {
      const { removeMember } = await import('../../operations/members/members.js')
      const member = await removeMember(await invocation.context(), named!, { by: authorOf({}) })
      invocation.output.result(member, () => `${member.name} is no member any more`)
    },
  )
}
