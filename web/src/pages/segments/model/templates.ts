/** First segments to begin with, made of the names that this workspace has: each opens in the builder, and nothing is saved. */
import type { Definition, Json } from './definition.js'

/** The names that a template may use. */
export interface TemplateNames {
  /** With the properties whose values are numbers; the most frequent event first. */
  readonly events: readonly { readonly event: string; readonly numbers: readonly string[] }[]
  /** Whose values are numbers. */
  readonly numberTraits: readonly string[]
  readonly identifiers: readonly string[]
  readonly consents: readonly string[]
}

export interface Template {
  readonly title: string
  /** Why somebody would want it. */
  readonly hint: string
  readonly definition: Definition
}

/** Events that look like a purchase. */
const PURCHASE = /order|purchas|checkout|paid|payment|sale|transaction|booking|subscri/i
/** Numbers that look like money. */
const MONEY = /total|amount|price|revenue|value|spend|spent/i

/** Templates that make sense here; those whose names there are none of are left out. */
export function templatesFor({
  events,
  numberTraits,
  identifiers,
  consents,
}: TemplateNames): readonly Template[] {
  const bought = events.find(({ event }) => PURCHASE.test(event)) ?? events[0]
  const spentTrait = numberTraits.find((trait) => MONEY.test(trait))
  const spentProperty = bought?.numbers.find((property) => MONEY.test(property)) ?? bought?.numbers[0]
  const spent: Json | undefined =
    spentTrait !== undefined
      ? { trait: spentTrait, gte: 500 }
      : bought !== undefined && spentProperty !== undefined
        ? { performed: bought.event, aggregate: { sum: spentProperty }, gte: 500 }
        : undefined
  const templates: Template[] = []
  if (bought !== undefined && spent !== undefined) {
    templates.push({
      title: 'Good customers who stopped coming',
      hint: `Spent a lot, and no ${bought.event} for 60 days: worth a word before they are gone`,
      definition: {
        name: 'Good customers who stopped coming',
        who: { all: [spent, { not: { performed: bought.event, within: '60d' } }] },
      },
    })
    templates.push({
      title: 'Best customers',
      hint: 'Spent more than most: look after them, or look for people like them',
      definition: { name: 'Best customers', who: { all: [spent] } },
    })
  }
  if (bought !== undefined) {
    templates.push({
      title: 'New this month',
      hint: `Their first ${bought.event} of all was within 30 days: welcome them`,
      definition: {
        name: 'New this month',
        who: { all: [{ performed: bought.event, occurrence: 'first', within: '30d' }] },
      },
    })
    templates.push({
      title: 'Came once and not again',
      hint: `Exactly one ${bought.event}, and that is a while ago`,
      definition: {
        name: 'Came once and not again',
        who: {
          all: [
            { performed: bought.event, times: { eq: 1 } },
            { not: { performed: bought.event, within: '30d' } },
          ],
        },
      },
    })
    const second = events.find(({ event }) => event !== bought.event)
    if (second !== undefined) {
      templates.push({
        title: `${second.event}, and then not`,
        hint: `Did ${second.event}, and no ${bought.event} followed within a week`,
        definition: {
          name: `${second.event} without ${bought.event}`,
          who: {
            all: [
              { sequence: [{ performed: second.event }, { not: { performed: bought.event } }], within: '7d' },
            ],
          },
        },
      })
    }
  }
  if (consents[0] !== undefined && identifiers.includes('email')) {
    templates.push({
      title: 'Who may be written to',
      hint: `Agreed to ${consents[0]}, and left an e-mail address`,
      definition: {
        name: 'Reachable by mail',
        who: { all: [{ consent: consents[0] }, { identifier: 'email', exists: true }] },
      },
    })
  }
  return templates
}
