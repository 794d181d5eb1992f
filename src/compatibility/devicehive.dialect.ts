import type { Dialect } from '../dialect/dialect.js';
import type { ListRules } from '../dialect/list-rules.js';
import type { Settings } from '../settings/settings.js';
import { describeResponses } from './document.js';
import { deriveKey } from './jwt-key.js';
import { originalTokens } from './original-token-reader.js';
import { pathRewriter } from './paths.js';
import { bodyReader } from './request-bodies.js';
import { readRequests } from './request-hooks.js';
import { responseWriter, withoutZone } from './responses.js';

/** Lists without `take` are whole, of any size. */
const WHOLE_LISTS: ListRules = {
  defaultTake: Infinity,
  leastTake: 0,
  mostTake: 2_147_483_647,
  mostBytes: Infinity,
  streamed: true,
};
/** The network that the original's migrations assign the first administrator to. */
const FIRST_NETWORK = 1;

/** The service as DeviceHive's clients expect it: each member is a part of contract.md §9. */
export const deviceHive = (settings: Settings): Dialect => ({
  rewriteUrl: pathRewriter(settings),
  configure: readRequests,
  refusesUnknownNames: false,
  readBody: bodyReader(settings),
  writeResponse: responseWriter(settings),
  writeItem: withoutZone,
  lists: WHOLE_LISTS,
  describe: describeResponses,
  keyOf: deriveKey,
  ...originalTokens(settings),
  excessRights: 'left out',
  lateExpiry: 'cut',
  absentDeviceTypes: 'all',
  passwordMayBeLogin: true,
  firstNetwork: FIRST_NETWORK,
  assignmentsUnderAll: 'dropped',
  firstOfAssigning: 'all assigned',
});
