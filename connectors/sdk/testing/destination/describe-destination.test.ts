import { describeVariants } from '../describe-variants.js'
import { LINE_VARIANTS, registerVariants, VARIANTS } from './broken-destinations.js'

const variants = [
  ...Object.entries(VARIANTS).map(([name, [, expected]]) => [name, expected ?? 140] as const),
  ...Object.entries(LINE_VARIANTS).map(([name, [, expected]]) => [name, expected ?? 30] as const),
]

describeVariants({
  title: 'describeDestination',
  moduleUrl: import.meta.url,
  variants: Object.fromEntries(variants),
  register: registerVariants,
})
