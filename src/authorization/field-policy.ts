/** Every field that can be written, none, or these alone. */
export type WritableFields = 'every writable field' | 'nothing' | readonly string[];

/** Who may change which field of a record: its own, or another's. */
export interface WritePolicy {
  /** The fields that can be written at all. What is not among them is no matter of this policy. */
  readonly writable: readonly string[];
  readonly administrator: { readonly own: WritableFields; readonly another: WritableFields };
  readonly client: { readonly own: WritableFields; readonly another: WritableFields };
}

/** What a policy says of a request: `field` when it names a field that its caller may not change. */
export type Verdict = 'allowed' | 'record denied' | 'field denied';

/** Judges a request of a caller that names `fields`, whatever their values. */
export function judge(
  policy: WritePolicy,
  caller: { readonly administrator: boolean; readonly own: boolean },
  fields: readonly string[],
): Verdict {
  const allowed = policy[caller.administrator ? 'administrator' : 'client'][caller.own ? 'own' : 'another'];
  if (allowed === 'every writable field') return 'allowed';
  if (allowed === 'nothing') return 'record denied';
  return fields.some((field) => policy.writable.includes(field) && !allowed.includes(field))
    ? 'field denied'
    : 'allowed';
}
