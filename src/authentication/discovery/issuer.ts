import { isPublicUrl } from '../../settings/public-url.js';
import type { Settings } from '../../settings/settings.js';

/** The two documents of discovery, by their names under `/.well-known/`: of RFC 8414 and of OpenID Connect Discovery. */
export const DOCUMENTS = ['oauth-authorization-server', 'openid-configuration'] as const;

/** An issuer that other services can discover. */
export interface PublicIssuer {
  /** The `iss` of tokens, as it is set. */
  readonly issuer: string;
  /** The public URL of the API, with no slash at its end. */
  readonly baseUrl: string;
  /** The path of the issuer, with no slash at its end; empty: it has none. */
  readonly path: string;
}

/**
 * Returns the issuer if it is a URL under which discovery is possible (contract.md §5). The public URL of the API is that
 * of the issuer, with `API_PREFIX` unless its path ends with it. Nothing comes from a request: its `Host` may be made up.
 */
export function publicIssuerOf({
  jwtIssuer: issuer,
  apiPrefix,
}: Pick<Settings, 'jwtIssuer' | 'apiPrefix'>): PublicIssuer | undefined {
  if (!isPublicUrl(issuer)) return undefined;
  const path = withoutSlash(new URL(issuer).pathname);
  const url = withoutSlash(issuer);
  return { issuer, path, baseUrl: path.endsWith(apiPrefix) ? url : `${url}${apiPrefix}` };
}

const withoutSlash = (text: string): string => text.replace(/\/+$/, '');

/**
 * Returns a function that rewrites the path of a request for a document of discovery, or undefined if none has to be. The
 * documents have their routes under `API_PREFIX`, and are also found at the root, under the path of the issuer, and where
 * RFC 8414 §3.1 inserts them before that path. `rewrite`: what other paths are rewritten by.
 */
export function discoveryRewriter(
  settings: Pick<Settings, 'jwtIssuer' | 'apiPrefix'>,
  rewrite?: (url: string) => string,
): ((url: string) => string) | undefined {
  const { path } = publicIssuerOf(settings) ?? {};
  if (path === undefined) return rewrite;
  const routes = new Map<string, string>();
  for (const name of DOCUMENTS) {
    const document = `/.well-known/${name}`;
    const route = `${settings.apiPrefix}${document}`;
    for (const place of [document, `${path}${document}`, `${document}${path}`])
      if (place !== route) routes.set(place, route);
  }
  if (routes.size === 0) return rewrite;
  return (url) => {
    const query = url.indexOf('?');
    const route = routes.get(query < 0 ? url : url.slice(0, query));
    if (route !== undefined) return route + (query < 0 ? '' : url.slice(query));
    return rewrite ? rewrite(url) : url;
  };
}
