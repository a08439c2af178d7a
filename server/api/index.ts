/**
 * Every route of the management API: one file an area, one import and one spread here. A route names the least role, marks
 * what is personal in its answer by `personal(…)`, and calls operations/.
 */
import type { Route } from '../route.js'
import { activationRunRoutes } from './activation-runs.js'
import { activationRoutes } from './activations.js'
import { auditRoutes } from './audit.js'
import { connectorRoutes } from './connectors.js'
import { destinationRoutes } from './destinations.js'
import { identityRoutes } from './identity.js'
import { listRoutes } from './lists.js'
import { liveRoutes } from './live.js'
import { mappingRoutes } from './mappings.js'
import { memberRoutes } from './members.js'
import { profileRoutes } from './profiles.js'
import { refreshRoutes } from './refresh.js'
import { retentionRoutes } from './retention.js'
import { runRoutes } from './runs.js'
import { secretRoutes } from './secrets.js'
import { segmentMemberRoutes } from './segment-members.js'
import { segmentRoutes } from './segments.js'
import { sessionRoutes } from './session.js'
import { sourceRoutes } from './sources.js'
import { steeringRoutes } from './steering.js'
import { tokenRoutes } from './tokens.js'
import { traitRoutes } from './traits.js'
import { uploadRoutes } from './uploads.js'
import { workspaceRoutes } from './workspace.js'

export const routes: readonly Route[] = [
  //
  ...sessionRoutes,
  ...secretRoutes,
  ...memberRoutes,
  ...tokenRoutes,
  ...auditRoutes,
  ...liveRoutes,
  ...workspaceRoutes,
  ...retentionRoutes,
  ...connectorRoutes,
  ...sourceRoutes,
  ...uploadRoutes,
  ...steeringRoutes,
  ...mappingRoutes,
  ...runRoutes,
  ...profileRoutes,
  ...identityRoutes,
  ...segmentRoutes,
  ...segmentMemberRoutes,
  ...traitRoutes,
  ...listRoutes,
  ...refreshRoutes,
  ...activationRoutes,
  ...activationRunRoutes,
  ...destinationRoutes,
]
