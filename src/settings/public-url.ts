/** Of RFC 8414 §2, and http besides: no user, no query and no fragment. */
const PUBLIC_URL = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i;

/** Whether an issuer is a URL under which other services can discover it. */
export const isPublicUrl = (issuer: string): boolean => PUBLIC_URL.test(issuer) && URL.canParse(issuer);
