/** These fields, or not even a request that names none. */
export type WritableFields = 'nothing' | readonly string[];

/** Who may change which field of a record: its own, or another's. What is not listed is denied. */
export interface WritePolicy {
  /** Read-only fields, which requests may hold: they are ignored. */
  readonly ignored: readonly string[];
  readonly administrator: { readonly own: WritableFields; readonly another: WritableFields };
  readonly client: { readonly own: WritableFields; readonly another: WritableFields };
}

/** What a policy says of a request: `field denied` when it names a field that its caller may not change. */
export type Verdict = 'allowed' | 'record denied' | 'field denied';

/**
 * Judges a request by the fields that it names, whatever their values. `fields` are those that the route knows: what
 * it does not know is refused later, by validation, with 400.
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
