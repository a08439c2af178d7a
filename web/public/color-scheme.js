// Sets the colour scheme before the first paint, so that a reader of the dark page never sees a white one.
const kept = localStorage.getItem('tributary-color-scheme')
const dark = matchMedia('(prefers-color-scheme: dark)').matches
const scheme = kept === 'light' || kept === 'dark' ? kept : dark ? 'dark' : 'light'
document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
