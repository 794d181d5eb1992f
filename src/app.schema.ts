import { DeviceType, UserDeviceType } from './access-scopes/device-types/device-type.entity.js';
import { Network, UserNetwork } from './access-scopes/networks/network.entity.js';
import { Decoy } from './authentication/sign-in/decoy.entity.js';
import { SigningKey } from './authentication/signing-keys/signing-key.entity.js';
import { Incarnation } from './database/incarnation.entity.js';
import { Initial1764000000001 } from './database/migrations/0001-initial.js';
import { Decoys1764000000002 } from './database/migrations/0002-decoys.js';
import { Events1764000000003 } from './database/migrations/0003-events.js';
import { Sessions1764000000004 } from './database/migrations/0004-sessions.js';
import { RefreshKeys1764000000005 } from './database/migrations/0005-refresh-keys.js';
import { KnownSources1764000000006 } from './database/migrations/0006-known-sources.js';
import { RateLimits1764000000007 } from './database/migrations/0007-rate-limits.js';
import { PasswordKinds1764000000008 } from './database/migrations/0008-password-kinds.js';
import { ScopeVersions1764000000009 } from './database/migrations/0009-scope-versions.js';
import { OriginalTokens1764000000010 } from './database/migrations/0010-original-tokens.js';
import { ExpandForeignHashes1764000000011 } from './database/migrations/0011-foreign-hashes.js';
import { ExpandEventIndexes1764000000012 } from './database/migrations/0012-event-indexes.js';
import { ExpandRevocations1764000000013 } from './database/migrations/0013-revocations.js';
import type { Schema } from './database/schema.js';
import { EventCount, PendingEvent, StoredEvent } from './events/event.entity.js';
import { Configuration } from './live-configuration/configuration.entity.js';
import { RateLimitCount } from './rate-limits/rate-limit-count.entity.js';
import { PendingRevocation, StoredRevocation } from './revocations/revocation.entity.js';
import { Session } from './sessions/session.entity.js';
import { KnownSource } from './users/known-source.entity.js';
import { User } from './users/user.entity.js';

/** The entities and migrations of the service. */
export const SCHEMA: Schema = {
  entities: [
    User,
    KnownSource,
    Decoy,
    Network,
    UserNetwork,
    DeviceType,
    UserDeviceType,
    Configuration,
    SigningKey,
    Session,
    StoredEvent,
    PendingEvent,
    EventCount,
    RateLimitCount,
    Incarnation,
    PendingRevocation,
    StoredRevocation,
  ],
  notBackedUp: [Decoy, RateLimitCount, PendingRevocation, StoredRevocation],
  cameWith: new Map([[Incarnation, ExpandRevocations1764000000013]]),
  // Readers follow the ids of events, and there are many events.
  idsSkipped: new Map([[StoredEvent, 2 ** 32]]),
  migrations: [
    Initial1764000000001,
    Decoys1764000000002,
    Events1764000000003,
    Sessions1764000000004,
    RefreshKeys1764000000005,
    KnownSources1764000000006,
    RateLimits1764000000007,
    PasswordKinds1764000000008,
    ScopeVersions1764000000009,
    OriginalTokens1764000000010,
    ExpandForeignHashes1764000000011,
    ExpandEventIndexes1764000000012,
    ExpandRevocations1764000000013,
  ],
};
