/** Members of the workspace: invite, change a role, take a session or the membership away. */
import { Button, Menu, Select } from '@mantine/core'
import { useState } from 'react'
import { api, take } from '../../api/client.js'
import { useForget, useRead } from '../../api/hooks.js'
import type { components } from '../../api/schema.js'
import type { Role } from '../../app/roles.js'
import { useSession } from '../../app/session.js'
import { Answer } from '../../ui/answer.js'
import { ConfirmByTyping } from '../../ui/confirm-by-typing.js'
import { type Column, DataTable } from '../../ui/data-table.js'
import { EmptyState } from '../../ui/empty-state.js'
import { MoreMenu } from '../../ui/more-menu.js'
import { notifyDone, notifyFailed, notifyUndo } from '../../ui/notify.js'
import { TimeText } from '../../ui/texts.js'
import { Invite } from './invite.js'
import { ROLES, roleLabel } from './role-words.js'
import { type Shown, ShownOnce } from './shown-once.js'

type Member = components['schemas']['ListedMember']

/** The list and what can be done with it. */
export function Members() {
  const { member: self } = useSession()
  const members = useRead('/api/v1/members')
  const forget = useForget()
  const [inviting, setInviting] = useState(false)
  const [shown, setShown] = useState<Shown>()
  const [removing, setRemoving] = useState<Member>()

  const setRole = (id: string, role: Role) =>
    take(api.PATCH('/api/v1/members/{id}', { params: { path: { id } }, body: { role } })).then(() =>
      forget('/api/v1/members'),
    )
  const changeRole = async (member: Member, role: Role) => {
    try {
      await setRole(member.id, role)
      notifyUndo({
        message: `${member.name} is ${roleLabel(role).toLowerCase()} now`,
        undo: () => setRole(member.id, member.role),
      })
    } catch (error) {
      notifyFailed('The role stays as it was', error)
    }
  }
  const makeLink = async ({ id, name }: Member) => {
    try {
      const link = await take(api.POST('/api/v1/members/{id}/link', { params: { path: { id } } }))
      setShown(signInLink(name, link))
    } catch (error) {
      notifyFailed('No link was made', error)
    }
  }
  const signOut = async ({ id, name }: Member) => {
    try {
      await take(api.POST('/api/v1/members/{id}/sign-out', { params: { path: { id } } }))
      notifyDone(`${name} is signed out everywhere`)
    } catch (error) {
      notifyFailed('Nobody was signed out', error)
    }
  }

  const columns: readonly Column<Member>[] = [
    {
      key: 'name',
      title: 'Name',
      value: ({ name }) => name,
      render: ({ id, name }) => (id === self.id ? `${name} (you)` : name),
    },
    {
      key: 'role',
      title: 'Role',
      value: ({ role }) => role,
      render: (member) => (
        <Select
          aria-label={`Role of ${member.name}`}
          data={ROLES.map(({ value, label }) => ({ value, label }))}
          value={member.role}
          allowDeselect={false}
          size="xs"
          w={130}
          onChange={(role) => role !== null && role !== member.role && void changeRole(member, role)}
        />
      ),
    },
    {
      key: 'since',
      title: 'Member since',
      value: ({ since }) => since,
      render: ({ since }) => <TimeText at={since} as="date" />,
      minor: true,
    },
    {
      key: 'more',
      title: 'Actions',
      align: 'right',
      width: '80px',
      render: (member) => (
        <MoreMenu label={`What can be done with ${member.name}`}>
          <Menu.Item onClick={() => void makeLink(member)}>New sign-in link</Menu.Item>
          <Menu.Item onClick={() => void signOut(member)}>Sign out everywhere</Menu.Item>
          <Menu.Divider />
          <Menu.Item
            disabled={member.id === self.id}
            c={member.id === self.id ? undefined : 'var(--mantine-color-error)'}
            onClick={() => setRemoving(member)}
          >
            Remove
          </Menu.Item>
        </MoreMenu>
      ),
    },
  ]
  return (
    <>
      <Answer of={members} what="the members">
        {(data) => (
          <DataTable
            label="Members"
            unit={['member', 'members']}
            columns={columns}
            rows={data.members}
            rowKey={({ id }) => id}
            search="Find a member"
            order={{ column: 'name', descending: false }}
            action={
              <Button size="xs" onClick={() => setInviting(true)}>
                Invite somebody
              </Button>
            }
            empty={<EmptyState title="No members" />}
          />
        )}
      </Answer>
      <Invite
        opened={inviting}
        onClose={() => setInviting(false)}
        onInvited={(name, link) => {
          setInviting(false)
          setShown(signInLink(name, link))
        }}
      />
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
      <ConfirmByTyping
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing?.name}?`}
        word={removing?.name ?? ''}
        action="Remove"
        onConfirm={async () => {
          await take(api.DELETE('/api/v1/members/{id}', { params: { path: { id: removing?.id ?? '' } } }))
          await forget('/api/v1/members')
        }}
      >
        Their sessions end at once and their links no longer work. What they made stays.
      </ConfirmByTyping>
    </>
  )
}

function signInLink(name: string, link: components['schemas']['SignInLink']): Shown {
  return {
    title: `Sign-in link for ${name}`,
    label: 'Link',
    text: `${window.location.origin}${link.path}`,
    what: `Give it to ${name} yourself. It works once, and it is shown only now.`,
    expiresAt: link.expiresAt,
  }
}
