/** Chooses a role, with what it may do. */
import { Radio, Stack } from '@mantine/core'
import type { Role } from '../../app/roles.js'
import { ROLES } from './role-words.js'

/** The four roles, one below the other. */
export function RoleField(props: { readonly value: Role; readonly onChange: (role: Role) => void }) {
  return (
    <Radio.Group label="Role" value={props.value} onChange={(value) => props.onChange(value as Role)}>
      <Stack gap="xs" mt="xs">
        {ROLES.map(({ value, label, may }) => (
          <Radio key={value} value={value} label={label} description={may} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
