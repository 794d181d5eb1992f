/**
 * The rules of the OpenAPI Specification and of the OWASP API Security Top 10 (2023), as Spectral checks them. Every rule
 * that does not hold as it is written has its reason here. Rules of Redocly: redocly.yaml.
 */
import owasp from '@stoplight/spectral-owasp-ruleset';
import { oas } from '@stoplight/spectral-rulesets';

/** What a client sends. Of headers, all together are limited to 16 KiB: 431. */
const SENT = ['requestBody', 'parameters[?(@ && @.in !== "header")]'];

/** Where a type occurs in what a client sends, also as one of several types. */
const sent = (type, condition = 'true') =>
  SENT.flatMap((part) => [
    `$.paths[*][*].${part}..[?(@ && @.type === "${type}" && ${condition})]`,
    `$.paths[*][*].${part}..[?(@ && @.type && @.type.constructor.name === "Array" && @.type.includes("${type}") && ${condition})]`,
  ]);

/** A rule of OWASP, applied to other places of the document. */
const at = (name, given) => ({ [name]: { ...owasp.rules[name], given } });

/** Operations that need no token, by path (contract.md §2). Any other one must say which token it needs. */
const PUBLIC_WRITES = ['/token', '/token/refresh', '/token/revoke'];
const PUBLIC_READS = [
  '/info',
  '/info/cache',
  '/health/live',
  '/health/ready',
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
];
const FILE = '**/openapi.json';
const places = (paths) => paths.map((path) => `${FILE}#/paths/${path.replaceAll('/', '~1')}`);

/** Parts of bodies that the limit of the body bounds: 413 above it. */
const BOUNDED_BY_THE_BODY = [
  // Read-only, and ignored.
  ...['CreateUser', 'UpdateUser', 'PatchUser'].map((name) => `${name}/properties/networks`),
  'Scope',
  // Spaces around it are cut off before it is measured, and so are zeros before an id.
  ...['CreateUser', 'UpdateUser', 'PatchUser'].map((name) => `${name}/properties/login`),
  'ScopeIds',
  // A right that occurs twice counts once.
  'CreateToken/properties/actions',
].map((name) => `${FILE}#/components/schemas/${name}`);

/** Bodies whose token is opaque to its client (RFC 6749 §1.4): no pattern. */
const TOKENS = ['RefreshToken', 'RevokeToken', 'IntrospectToken'].map((name) => `${FILE}#/components/schemas/${name}`);

export default {
  extends: [oas, owasp],
  rules: {
    // Ids are those of the API that the service is compatible with: positive integers (contract.md). No right follows
    // from knowing one, and a client gets the same 403 for every record but its own, whether or not it exists.
    'owasp:api1:2023-no-numeric-ids': 'off',
    // No `RateLimit` headers: a response must not reveal how many attempts are left (contract.md §5). `Retry-After` says
    // when to come back.
    'owasp:api4:2023-rate-limit': 'off',
    // 429 is documented where the service returns it. Elsewhere work waits in turns, and what is too much is 503.
    'owasp:api4:2023-rate-limit-responses-429': 'off',
    // CORS is closed unless `CORS_ORIGINS` names an origin, and is then the same for every operation.
    'owasp:api8:2023-define-cors-origin': 'off',
    // The file names the service on the machine of its reader. TLS ends at a proxy; `/swagger.json` names the server that
    // it comes from.
    'owasp:api8:2023-no-server-http': 'off',
    // For the same reason there is one server, and it is for everyone.
    'owasp:api9:2023-inventory-access': 'off',
    // Limits protect from what is sent. What is returned has been limited when it was stored, and a promise of more
    // limits would break clients when one is raised. A format limits a string as well.
    ...at('owasp:api4:2023-string-limit', sent('string', '!@.format')),
    ...at('owasp:api4:2023-string-restricted', sent('string')),
    ...at('owasp:api4:2023-array-limit', sent('array')),
    // An enumeration has its limits in itself.
    ...at('owasp:api4:2023-integer-limit', sent('integer', '!@.enum')),
    ...at('owasp:api4:2023-integer-format', sent('integer', '!@.enum')),
    // All errors are one response for each operation (`4XX`, `default`), so that generated clients have one type for
    // them. `x-errors` names the statuses, which test/architecture/document.test.ts checks.
    'owasp:api8:2023-define-error-responses-401': 'off',
    'owasp:api8:2023-define-error-responses-500': 'off',
  },
  overrides: [
    { files: places(PUBLIC_WRITES), rules: { 'owasp:api2:2023-write-restricted': 'off' } },
    { files: places(PUBLIC_READS), rules: { 'owasp:api2:2023-read-restricted': 'off' } },
    { files: TOKENS, rules: { 'owasp:api4:2023-string-restricted': 'off' } },
    {
      files: BOUNDED_BY_THE_BODY,
      rules: {
        'owasp:api4:2023-array-limit': 'off',
        'owasp:api4:2023-string-limit': 'off',
        'owasp:api4:2023-string-restricted': 'off',
      },
    },
  ],
};
