/** Icons are imported by name from one module of thousands; each import is sent to the icon's own file, or a build reads them all. */
import type { Plugin } from 'vite'

const IMPORT = /import \{([^}]*)\} from ['"]@tabler\/icons-react['"]/g

/** Rewrites `import { IconX } from '@tabler/icons-react'` of the page's own files. */
export function singleIcons(): Plugin {
  return {
    name: 'single-icons',
    enforce: 'pre',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('@tabler/icons-react')) return undefined
      return code.replace(IMPORT, (_all, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '))
          .map((name) => `import ${name} from '@tabler/icons-react/icons/${name}'`)
          .join(';'),
      )
    },
  }
}
