/** Errors of browsers and of the bundler for a part of the page that could not be fetched. */

/** Chromium, Firefox, Safari; the last one is the bundler's for style sheets. */
const MESSAGES =
  /failed to fetch dynamically imported module|error loading dynamically imported module|importing a module script failed|unable to preload css/i

/** True where a part of the page is not there, because the server is away or got a new version. */
export function isMissingChunk(error: unknown): boolean {
  return error instanceof Error && MESSAGES.test(error.message)
}
