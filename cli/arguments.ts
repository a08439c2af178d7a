/** Arguments that are more than text. */
import { InvalidArgumentError } from 'commander'

/** A parser of whole numbers from 0. */
export function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
    throw new InvalidArgumentError(`${option} needs a whole number.`)
  }
}
