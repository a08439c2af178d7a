/** The kinds of conditions by their key. */
import type { Who } from '@tributary/schemas'

type With<Key extends string> = Extract<Who, Readonly<Record<Key, unknown>>>

export type ListWho = With<'list'>
export type RandomWho = With<'random'>
export type ConsentWho = With<'consent'>
export type IdentifierWho = With<'identifier'>
