/** The grocer's loyalty programme as a source. */
import { defineSource } from '@tributary/connector-sdk'
import { loyaltyClient } from './client.js'
import { type LoyaltyConfig, spec } from './spec.js'
import { members } from './streams/members.js'
import { points } from './streams/points.js'

export default defineSource<LoyaltyConfig>({
  spec,
  check: async (context) => {
    await loyaltyClient(context).get('/v1/me')
  },
  streams: [members, points],
})
