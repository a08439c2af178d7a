/** Everyone: the profiles with a fact that counts. Kept like a segment, so that the rest can be told from its members. */
import { nodesWithFacts } from '../../facts/nodes.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { profileOf } from '../../people/dictionaries.js'
import { bitmapOf, type Scratch } from './scratch.js'
import { allMembers, BITMAPS, EVERYONE } from './sources.js'

/** What is evaluated for it; only a change of this text would change its meaning. */
export const EVERYONE_DEFINITION = 'everyone'

/** Keeps which nodes have facts, from all facts. */
export async function keepVisible(scratch: Scratch, snapshot: FactsSnapshot): Promise<void> {
  await scratch.put(bitmapOf(BITMAPS.visible, nodesWithFacts(snapshot), 'node'))
}

/** Keeps everyone from `visible`. */
export async function keepEveryone(scratch: Scratch): Promise<void> {
  const profiles = `SELECT ${profileOf('profile')} AS profile FROM ${scratch.ids(BITMAPS.visible)}`
  await scratch.put(bitmapOf(BITMAPS.everyone, profiles, 'profile'))
  await scratch.put(
    scratch.select(
      (bitmap) => `'${BITMAPS.members(EVERYONE)}' AS name, ${bitmap(BITMAPS.everyone)} AS members`,
    ),
  )
}

/** Keeps everyone from those published and what `gatherDirty` found of the dirty. */
export async function keepEveryoneAgain(scratch: Scratch): Promise<void> {
  await scratch.put(
    scratch.select((bitmap) => `'${BITMAPS.everyone}' AS name, ${allMembers(bitmap, EVERYONE)} AS members`),
  )
}
