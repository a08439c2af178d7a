/**
 * The look of the page: water colours on quiet greys, small type, tight rows. Every pair of text and ground has a contrast
 * of 4.5 or more in both schemes (WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum).
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const river: MantineColorsTuple = [
  '#e8f5f8',
  '#d2e9ef',
  '#a5d4df',
  '#74bece',
  '#4ba9bd',
  '#2b93a9',
  '#12758b',
  '#0f6679',
  '#0b5363',
  '#073f4c',
]

const slate: MantineColorsTuple = [
  '#f5f7f9',
  '#edf1f4',
  '#e1e7ec',
  '#d1d9e0',
  '#b7c2cc',
  '#909eab',
  '#66757f',
  '#4a5864',
  '#313d48',
  '#1a242e',
]

const night: MantineColorsTuple = [
  '#d9e0e6',
  '#b8c2cb',
  '#9aa7b3',
  '#71808d',
  '#3d4a56',
  '#313d48',
  '#232d37',
  '#151d25',
  '#10171e',
  '#0b1117',
]

/** Text that a system font shows best; no font is fetched. */
const SANS = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
const MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

/** The top of a window is a header element, and would count as a second banner beside the page's own. */
const NO_BANNER = { header: { role: 'presentation' } }

/** The tones of alerts, by the colour that they ask for. */
const TONE_OF: Readonly<Record<string, string>> = {
  red: 'bad',
  yellow: 'attention',
  orange: 'attention',
  green: 'good',
  river: 'progress',
}

/** Mantine's theme. Parts are small by default: a page of work shows much at once. */
export const theme = createTheme({
  primaryColor: 'river',
  primaryShade: { light: 6, dark: 6 },
  colors: { river, gray: slate, dark: night },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    // Links stand in sentences: colour alone would not tell them from words.
    Anchor: { defaultProps: { underline: 'always' } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, attributes: NO_BANNER },
    },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, attributes: NO_BANNER } },
    // What takes the first focus would stand among a menu's items as something that is none.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // What opens over the page is part of its main landmark, not outside of all.
    Popover: { defaultProps: { portalProps: { target: '#main' } } },
    Paper: { defaultProps: { withBorder: true } },
    Alert: {
      vars: (_theme: unknown, { color = 'gray' }: { readonly color?: string }) => {
        const tone = TONE_OF[color] ?? 'idle'
        return {
          root: {
            '--alert-bg': `var(--tone-${tone}-ground)`,
            '--alert-bd': `1px solid var(--tone-${tone}-mark)`,
            '--alert-color': `var(--tone-${tone}-text)`,
          },
        }
      },
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
})

/** Variables that Mantine's own values would leave below the contrast, and those of the page's parts. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f7f9',
    '--mantine-color-text': '#1a242e',
    '--mantine-color-dimmed': '#56636f',
    '--mantine-color-placeholder': '#64717c',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0f6679',
    '--page-surface': '#ffffff',
    '--page-sunken': '#edf1f4',
    '--page-border': '#dbe2e8',
    '--page-shade': '#c3ced7',
    ...tones({
      good: ['#e3f4ea', '#14613a', '#2a9d5f'],
      progress: ['#e0f1f6', '#0b5a6c', '#2b93a9'],
      attention: ['#fdf0d5', '#7a4a00', '#d98a00'],
      bad: ['#fde7e4', '#9c1c12', '#d9382a'],
      idle: ['#e9edf1', '#47545f', '#8795a1'],
    }),
  },
  dark: {
    '--mantine-color-body': '#10171e',
    '--mantine-color-text': '#d9e0e6',
    '--mantine-color-dimmed': '#9aa7b3',
    '--mantine-color-placeholder': '#8b99a6',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-anchor': '#74bece',
    '--page-surface': '#18212a',
    '--page-sunken': '#10171e',
    '--page-border': '#2c3843',
    '--page-shade': '#3d4a56',
    // Dimmed words on it keep their contrast.
    '--menu-item-hover': '#28333d',
    ...tones({
      good: ['#143526', '#8fdcb0', '#3fb877'],
      progress: ['#0d3642', '#8fd6e3', '#3fa9bf'],
      attention: ['#3d2d0a', '#f4c669', '#d99a1f'],
      bad: ['#451c18', '#ffb4ab', '#ec5f50'],
      idle: ['#28333d', '#b8c2cb', '#71808d'],
    }),
  },
})

type ToneColors = Readonly<
  Record<'good' | 'progress' | 'attention' | 'bad' | 'idle', readonly [string, string, string]>
>

function tones(colors: ToneColors): Record<`--${string}`, string> {
  return Object.fromEntries(
    Object.entries(colors).flatMap(([tone, [ground, text, mark]]) => [
      [`--tone-${tone}-ground`, ground],
      [`--tone-${tone}-text`, text],
      [`--tone-${tone}-mark`, mark],
    ]),
  )
}
