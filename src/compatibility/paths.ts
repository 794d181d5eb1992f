import type { Settings } from '../settings/settings.js';

/** Where the original's set-ups serve the API, besides its own prefix. */
const OTHER_PREFIXES = ['/api/rest', '/auth/rest'] as const;

/**
 * Returns the function that rewrites the path of a request: other prefixes of the original count as `API_PREFIX`, and a
 * slash at the end is left out (contract.md §9).
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
    const inPrefix = other === undefined ? path : apiPrefix + path.slice(other.length);
    const isRoot = inPrefix === '/' || inPrefix === `${apiPrefix}/`;
    const rewritten = inPrefix.endsWith('/') && !isRoot ? inPrefix.slice(0, -1) : inPrefix;
    return (rewritten || '/') + (query < 0 ? '' : url.slice(query));
  };
}

/** Whether a path is a prefix or under it; no path is within the empty prefix. */
const isWithin = (path: string, prefix: string): boolean =>
  prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`));
