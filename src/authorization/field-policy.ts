/** The writable fields; `nothing`: even a request without fields is denied. */
export type WritableFields = 'nothing' | readonly string[];

/**
 * Who may change which field of a record, the caller's own or another user's. Fields that are not listed are denied.
 */
export interface WritePolicy {
  /** Read-only fields: accepted in requests and ignored. */
  readonly ignored: readonly string[];
  readonly administrator: { readonly own: WritableFields; readonly another: WritableFields };
  readonly client: { readonly own: WritableFields; readonly another: WritableFields };
}

/** The decision of a policy. `field denied`: the request has a field that the caller may not change. */
export type Verdict = 'allowed' | 'record denied' | 'field denied';

/**
 * Decides whether the caller may change these fields, regardless of their values. `fields` contains only fields that
 * the DTO declares: validation rejects unknown ones later with 400.
 */
export function judge(
  policy: WritePolicy,
  caller: { readonly administrator: boolean; readonly own: boolean },
  fields: readonly string[],
): Verdict {
  const allowed = policy[caller.administrator ? 'administrator' : 'client'][caller.own ? 'own' : 'another'];
  if (allowed === 'nothing') return 'record denied';
  return fields.every((field) => allowed.includes(field) || policy.ignored.includes(field))
    ? 'allowed'
    : 'field denied';
}
