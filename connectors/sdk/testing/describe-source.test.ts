import { registerVariants, VARIANTS } from './broken-sources.js'
import { describeVariants } from './describe-variants.js'

const variants = Object.entries(VARIANTS).map(([name, [, expected]]) => [name, expected ?? 56] as const)

describeVariants({
  title: 'describeSource',
  moduleUrl: import.meta.url,
  variants: Object.fromEntries(variants),
  register: registerVariants,
})
