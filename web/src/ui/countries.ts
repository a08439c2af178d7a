/** Countries by the two letters of ISO 3166, with the names that people know them by. */

const CODES =
  'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KN KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PR PS PT PY QA RO RS RU RW SA SC SD SE SG SI SK SL SM SN SO SR SS SV SY SZ TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VC VE VN VU WS YE ZA ZM ZW'

const NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** All of them, by their names. */
export const COUNTRIES: readonly { readonly value: string; readonly label: string }[] = CODES.split(' ')
  .map((value) => ({ value, label: NAMES.of(value) ?? value }))
  .sort((one, other) => one.label.localeCompare(other.label))

/** The country that the languages of somebody's browser name first; null where they name none. */
export function countryOf(languages: readonly string[]): string | null {
  const regions = languages.map((language) => new Intl.Locale(language).region)
  return regions.find((region) => region !== undefined && CODES.split(' ').includes(region)) ?? null
}
