import { deepEqual, rejects } from 'node:assert/strict'
import type { Warehouse } from '../../warehouse/client.js'
import { errorAnswer } from '../errors.js'
import { createDirectory } from './directory.js'

describe('the directory of those who may come in', () => {
  it('does not wait for a warehouse that stands still, and asks it again', async () => {
    let asked = 0
    const still = (): Promise<Warehouse> => {
      asked += 1
      return new Promise(() => undefined)
    }
    const directory = createDirectory({ warehouse: still }, 1)
    await rejects(directory.member('ada'), { name: 'WarehouseSilent' })
    const error = await directory.member('ada').catch((reason: unknown) => reason)
    deepEqual([errorAnswer(error, 'r').status, asked], [503, 2])
  })
})
