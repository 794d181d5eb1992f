/** A part of the work on a request that traces show. */
export type TracedPart = 'database transaction' | 'password hashing';

/** Runs work as a part of the request that is being handled. */
export type PartTracer = <T>(part: TracedPart, work: () => Promise<T>) => Promise<T>;

let tracer: PartTracer | undefined;

/** Runs `work`. If spans are exported, and a request is being handled, it has a span of its own. */
export const traced: PartTracer = (part, work) => (tracer === undefined ? work() : tracer(part, work));

/** Has the parts of requests traced from now on. @returns a function that ends it */
export function traceParts(by: PartTracer): () => void {
  tracer = by;
  return () => {
    if (tracer === by) tracer = undefined;
  };
}
