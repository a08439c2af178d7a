/**
 * The grocer's systems, on free ports of this machine: the shop's and the office's PostgreSQL, the loyalty API with its real
 * faults, and the mailing tool.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { REAL_FAULTS } from '../../examples/grocer/loyalty-api/faults.js'
import { type LoyaltyData, readLoyaltyData } from '../../examples/grocer/loyalty-api/programme.js'
import { type LoyaltyApi, startLoyaltyApi } from '../../examples/grocer/loyalty-api/server.js'
import { type Mailer, startMailer } from '../../examples/grocer/mailer/server.js'
import { seedOffice } from '../../examples/grocer/office/seed.js'
import { seedShop } from '../../examples/grocer/shop/seed.js'
import { startPostgres } from '../../local/postgres/start.js'

export interface GrocerSystems {
  /** The shop's owner: may change its rows. */
  readonly shop: pg.ClientConfig & { readonly host: string; readonly port: number; readonly database: string }
  readonly loyalty: LoyaltyApi
  readonly loyaltyData: LoyaltyData
  readonly mailer: Mailer
  /** The office's database, for its owner. */
  readonly office: pg.ClientConfig & {
    readonly host: string
    readonly port: number
    readonly database: string
  }
  /** Environment of the workers: secrets of the workspace, and leave to call addresses of this machine. */
  readonly workerEnv: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface SystemsOptions {
  /** For the files of the database. */
  readonly dir: string
  readonly dataDirectory: string
  /** What the API's faults are drawn from. */
  readonly seed: number
}

const secret = () => randomBytes(18).toString('base64url')

/** @throws when one of them cannot start: the message says which, why and what to do; then neither runs */
export async function startSystems({ dir, dataDirectory, seed }: SystemsOptions): Promise<GrocerSystems> {
  const readerPassword = secret()
  const loyaltyData = await readLoyaltyData(dataDirectory)
  const postgres = await startPostgres({
    dataDir: join(dir, '.tributary', 'postgres'),
    database: 'shop',
    user: 'owner',
    password: secret(),
  })
  try {
    const { host, port, user, password, database } = postgres
    const shop = { host, port, user, password, database }
    await seedShop(shop, dataDirectory, { reader: { user: 'reader', password: readerPassword } })
    const writerPassword = secret()
    await seedOffice(shop, { writer: { user: 'writer', password: writerPassword } })
    const loyalty = await startLoyaltyApi({ data: loyaltyData, seed, faults: REAL_FAULTS })
    const mailer = await startMailer()
    return {
      shop,
      loyalty,
      loyaltyData,
      mailer,
      office: { ...shop, database: 'office' },
      workerEnv: {
        TRIBUTARY_SECRET_SHOP_PASSWORD: readerPassword,
        TRIBUTARY_SECRET_LOYALTY_CLIENT_SECRET: loyalty.clientSecret,
        TRIBUTARY_SECRET_MAILER_SECRET: mailer.secret,
        TRIBUTARY_SECRET_OFFICE_PASSWORD: writerPassword,
        TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
      },
      async stop() {
        await Promise.all([postgres.stop(), loyalty.stop(), mailer.stop()])
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
