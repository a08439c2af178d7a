/** Conformance: no secret and nobody's address is in anything that the destination said in the tests before. */
import assert from 'node:assert/strict'
import { assertNoSecret, configSecrets } from '../driver.js'
import type { DestinationDriver } from './driver.js'
import { tellingTexts } from './records.js'

export function registerPrivacyTests<Config>(driver: DestinationDriver<Config>): void {
  const { destination, options, said } = driver

  describe('privacy', () => {
    it('shows no secret of the config in a log, error, reason or job', () => {
      assertNoSecret(configSecrets(destination.spec, driver.config()), said)
    })
    it('shows nobody by whom records are matched in a log, error, reason or job', () => {
      for (const { name, sample, badSample } of options.objects) {
        const records = [0, 1, 2, 3, 4].flatMap((n) => [sample(n), ...(badSample ? [badSample(n)] : [])])
        const forms = tellingTexts(records).flatMap((text) => [text, encodeURIComponent(text)])
        const shown = said.filter((text) => forms.some((form) => text.includes(form)))
        assert.equal(shown.length, 0, `a record of ${name} is shown in ${shown.length} messages`)
      }
    })
  })
}
