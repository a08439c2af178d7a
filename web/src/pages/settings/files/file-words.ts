/** Where a file is edited, and what files are about. */

/** What each kind of file says. */
export const WHAT = {
  workspace: 'Name, time zone, and how long data is kept',
  identity: 'Who is who: which identifiers tell people apart',
  traits: 'What is known of a person, and what is worked out',
  source: 'Where data comes from',
  mapping: 'What rows say of people',
  segment: 'Which people belong together',
  destination: 'Where people can be sent',
  activation: 'Who is sent where, and as what',
} as const

/** @param path with `/` */
export function filePath(path: string): string {
  return `/settings/files/${path.split('/').map(encodeURIComponent).join('/')}`
}
