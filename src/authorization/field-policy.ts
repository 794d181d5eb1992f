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

/** The fields that a request sends, of those that the DTO declares. */
export interface SentFields {
  readonly named: readonly string[];
  /** The body before it is validated. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether a value replaces the current one, or `PATCH` merges it. */
  readonly method: 'replace' | 'merge';
}

/** A record as it is before a change. */
export interface CurrentRecord {
  /** Whether the record would have its current value of a field after a request that sends `sent`. */
  isUnchanged(field: { name: string; sent: unknown; method: SentFields['method'] }): boolean;
}

/** Reads records. A route names the provider in its rule ({@link AccessRule.fields}). */
export interface RecordSource {
  /** @returns undefined when there is no such record */
  current(id: number): Promise<CurrentRecord | undefined>;
}

/** Who sends a request, as far as a policy depends on it. */
export interface Caller {
  readonly administrator: boolean;
  /** Whether the record is the caller's own. */
  readonly own: boolean;
}

/** The decision of a policy. `field denied`: the request has a field that the caller may not change. */
export type Verdict = 'allowed' | 'record denied' | 'field denied';

/**
 * Decides whether the caller may change these fields, whatever their values are. `fields` contains only fields that
 * the DTO declares: validation rejects unknown ones later with 400.
 */
export function judge(policy: WritePolicy, caller: Caller, fields: readonly string[]): Verdict {
  const allowed = writableBy(policy, caller);
  if (allowed === 'nothing') return 'record denied';
  return fields.every((field) => isListed(policy, allowed, field)) ? 'allowed' : 'field denied';
}

/**
 * Whether a request leaves the fields that its caller may not change as they are (contract.md §3): each of them is sent
 * with its current value.
 */
export function leavesUnchanged(
  policy: WritePolicy,
  caller: Caller,
  { named, values, method }: SentFields,
  record: CurrentRecord,
): boolean {
  const allowed = writableBy(policy, caller);
  if (allowed === 'nothing') return false;
  return named.every(
    (name) => isListed(policy, allowed, name) || record.isUnchanged({ name, sent: values[name], method }),
  );
}

const writableBy = (policy: WritePolicy, { administrator, own }: Caller): WritableFields =>
  policy[administrator ? 'administrator' : 'client'][own ? 'own' : 'another'];

const isListed = (policy: WritePolicy, allowed: readonly string[], field: string): boolean =>
  allowed.includes(field) || policy.ignored.includes(field);
