/** Why a schedule is paused, as people read it on the page. */

const OWN = /^Paused \d{4}-\d\d-\d\d: (?:[A-Z][A-Za-z]+: )?(.*) Then `tributary resume [^`]+`\.$/s

/** The reason in a schedule's note: of one that a run wrote itself, without its date, the error's type and the command. */
export function pauseReason(note: string): string {
  return OWN.exec(note)?.[1] ?? note
}
