/** Members: who may come in, as what. Links are shown once, to the admin who made them. */
import { recordAction } from '../../operations/members/audit.js'
import { INVITATION_MS, makeLink, type OneTimeLink, signInPath } from '../../operations/members/links.js'
import {
  changeRole,
  inviteMember,
  knownMember,
  listMembers,
  removeMember,
  signOutEverywhere,
} from '../../operations/members/members.js'
import { ROLES } from '../../operations/members/roles.js'
import { defineRoute, type RouteContext } from '../route.js'
import { described, list, moment, named, object, oneOf, shortText, text } from '../schema.js'
import { memberSchema } from './session.js'

const role = oneOf(...ROLES)
const memberId = object({ id: described(shortText, { description: 'Id of the member' }) })
const listedMember = named('ListedMember', object({ id: text, name: text, role, since: moment }))
const linkSchema = named(
  'SignInLink',
  object({
    path: described(text, {
      description: 'Behind the address of the server; shown only now',
      examples: ['/sign-in#…'],
    }),
    expiresAt: moment,
  }),
)

export const memberRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/members',
    role: 'admin',
    summary: 'Those who are members now, by name',
    response: object({ members: list(listedMember) }),
    handle: async ({ operations }) => ({ members: await listMembers(operations) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/members',
    role: 'admin',
    summary: 'Invite somebody: the link with which they sign in first is shown once',
    body: object({
      name: described(text, { minLength: 1, maxLength: 100, examples: ['Ada Lovelace'] }),
      role,
    }),
    response: object({ member: memberSchema, link: linkSchema }),
    async handle(context, { body }) {
      const { operations, member } = context
      const invited = await inviteMember(operations, { ...body, by: member.name })
      changed(context)
      return { member: invited.member, link: shown(invited.link) }
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/v1/members/:id',
    role: 'admin',
    summary: 'Change the role of a member; it counts from their next request',
    params: memberId,
    body: object({ role }),
    response: memberSchema,
    async handle(context, { params, body }) {
      const member = await changeRole(context.operations, params.id, { ...body, by: context.member.name })
      changed(context)
      return member
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/members/:id',
    role: 'admin',
    summary: 'Remove a member: their sessions are over, their links are void',
    params: memberId,
    response: memberSchema,
    async handle(context, { params }) {
      const member = await removeMember(context.operations, params.id, { by: context.member.name })
      changed(context)
      return member
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/members/:id/link',
    role: 'admin',
    summary: 'Make a new sign-in link for a member; it is shown once',
    params: memberId,
    response: linkSchema,
    async handle({ operations, member }, { params }) {
      const { id, name } = await knownMember(operations, params.id, 'making a sign-in link')
      await recordAction(operations, {
        actor: member.name,
        action: 'members link',
        subject: name,
        detail: '',
      })
      return shown(await makeLink(operations, { member: id, validMs: INVITATION_MS, by: member.name }))
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/members/:id/sign-out',
    role: 'admin',
    summary: 'End every session of a member, everywhere',
    params: memberId,
    response: memberSchema,
    async handle(context, { params }) {
      const member = await signOutEverywhere(context.operations, params.id, { by: context.member.name })
      changed(context)
      return member
    },
  }),
]

/** Who was let in a moment ago may be nobody now. */
function changed({ services }: RouteContext): void {
  services.directory.refresh()
}

function shown({ token, expiresAt }: OneTimeLink) {
  return { path: signInPath(token), expiresAt }
}
