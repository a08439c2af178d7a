/** Style sheets are handled by the bundler: a plain one is imported for its effect, a module gives its class names. */
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>
  export default classes
}
declare module '*.css'
