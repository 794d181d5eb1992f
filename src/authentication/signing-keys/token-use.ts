/** What a token is for. Each use has an algorithm, a key and a header type of its own. */
export type TokenUse = 'access' | 'refresh';

/** The algorithms that sign tokens. */
export type TokenAlgorithm = 'ES256' | 'HS256';

/** How tokens are signed without `JWT_SECRET` (docs/decisions/0018-refresh-keys.md). */
export const TOKEN_USES: Readonly<
  Record<TokenUse, { readonly algorithm: TokenAlgorithm; readonly typ: string }>
> = {
  /** `typ`: RFC 9068 §2.1. */
  access: { algorithm: 'ES256', typ: 'at+jwt' },
  refresh: { algorithm: 'HS256', typ: 'rt+jwt' },
};

/**
 * Whether the `typ` of a token header names this use. It is a media type: its case is ignored, and `application/` may
 * be left out (RFC 7515 §4.1.9).
 */
export const isTypeOf = (use: TokenUse, typ: unknown): boolean =>
  typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === TOKEN_USES[use].typ;

/**
 * Whether a token with this `typ` may have this use if one secret signs both: it names the use, or none. `JWT` says
 * only that the token is a JWT (RFC 7519 §5.1).
 */
export const isTypeOfOrNone = (use: TokenUse, typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT') || isTypeOf(use, typ);
