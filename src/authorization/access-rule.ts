import type { Type } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import type { Action } from './action.js';
import type { RecordSource, SentFields, WritePolicy } from './field-policy.js';

/** The token must carry one of these: for any user, or depending on whose record it is. Empty: any token will do. */
export type RouteActions =
  readonly Action[] | { readonly own: readonly Action[]; readonly another: readonly Action[] };

/** Who may call a route (contract.md §2). */
export interface AccessRule {
  readonly actions: RouteActions;
  /**
   * `everyone`: any authenticated user; `owner`: administrators for any user, others if the path's `id` is their own.
   */
  readonly who: 'everyone' | 'owner' | 'administrators';
  /** The fields in the body, on a route that has a policy for them. */
  readonly fields?: {
    readonly policy: (settings: Settings) => WritePolicy;
    /** The DTO that declares the known fields. */
    readonly body: Type;
    /** The provider that reads the record, to compare it with fields that the caller may not change. */
    readonly records: Type<RecordSource>;
    /** What becomes of the values that are sent. */
    readonly method: SentFields['method'];
  };
}

/** What a request asks for, as far as authorization depends on it. */
export interface Demand {
  readonly rule: AccessRule;
  /** The user in the path, or the caller. */
  readonly targetId: number;
  /** The fields in the body and the policy for them, on a route that has one. */
  readonly fields?: SentFields & { readonly policy: WritePolicy };
}
