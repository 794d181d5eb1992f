import type { Settings } from '../settings/settings.js';

/** Where the original's set-ups serve the API, besides its own prefix. */
const OTHER_PREFIXES = ['/api/rest', '/auth/rest'] as const;
/** The path of metrics below a prefix, decoded: with or without a slash, and what the router leaves out. */
const METRICS = /^\/metrics\/?(?:#|$)/;

/**
 * Returns the function that rewrites the path of a request: other prefixes of the original count as `API_PREFIX`, and a
 * slash at the end is left out (contract.md §9). But metrics are under `API_PREFIX` alone: the original has none, and
 * proxies that hide them need not know the other prefixes.
 */
export function pathRewriter({ apiPrefix }: Settings): (url: string) => string {
  const others = OTHER_PREFIXES.filter((prefix) => prefix !== apiPrefix);
  return (url) => {
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    // Of two prefixes that are within one another, the longer one counts: `API_PREFIX` may be either.
    const other = others.find(
      (prefix) => isWithin(path, prefix) && !(isWithin(apiPrefix, prefix) && isWithin(path, apiPrefix)),
    );
    if (other !== undefined && isMetrics(path.slice(other.length))) return url;
    const inPrefix = other === undefined ? path : apiPrefix + path.slice(other.length);
    const isRoot = inPrefix === '/' || inPrefix === `${apiPrefix}/`;
    const rewritten = inPrefix.endsWith('/') && !isRoot ? inPrefix.slice(0, -1) : inPrefix;
    return (rewritten || '/') + (query < 0 ? '' : url.slice(query));
  };
}

/** Whether the router would take a path below a prefix for that of metrics. */
function isMetrics(path: string): boolean {
  try {
    return METRICS.test(decodeURIComponent(path));
  } catch {
    // The router refuses it.
    return false;
  }
}

/** Whether a path is a prefix or under it; no path is within the empty prefix. */
const isWithin = (path: string, prefix: string): boolean =>
  prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`));
