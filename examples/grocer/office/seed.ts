/** The marketing office's database: whom to call, and a role that may write that and nothing else. */
import pg from 'pg'

export interface OfficeOptions {
  readonly writer: { readonly user: string; readonly password: string }
}

/** @param connection as a superuser of the server: makes the database `office` and the role */
export async function seedOffice(connection: pg.ClientConfig, { writer }: OfficeOptions): Promise<void> {
  await run(connection, async (client) => {
    const role = client.escapeIdentifier(writer.user)
    await client.query(`create role ${role} login password ${client.escapeLiteral(writer.password)}`)
    await client.query('create database office')
  })
  await run({ ...connection, database: 'office' }, async (client) => {
    await client.query(CALLS)
    const role = client.escapeIdentifier(writer.user)
    await client.query(`grant usage on schema public to ${role}`)
    await client.query(`grant select, insert, update, delete on calls to ${role}`)
  })
}

const CALLS = `create table calls (
  household_id text primary key,
  spent numeric(12, 2) not null,
  department text,
  question text not null check (question in ('voucher', 'survey'))
)`

async function run(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
