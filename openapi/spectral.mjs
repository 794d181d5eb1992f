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
const PUBLIC_READS = ['/info', '/info/cache', '/health/live', '/health/ready', '/.well-known/jwks.json'];
const FILE = '**/openapi.json';
const places = (paths) => paths.map((path) => `${FILE}#/paths/${path.replaceAll('/', '~1')}`);

/** Bodies that take `networks`, which are read-only and ignored: their size is limited by that of the body, 413. */
const IGNORED = ['CreateUser', 'UpdateUser', 'PatchUser'].map(
  (name) => `${FILE}#/components/schemas/${name}/properties/networks`,
);

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
    // A public operation has no 401 for a token, which it does not read.
    ...at('owasp:api8:2023-define-error-responses-401', [
      '$.paths[*][?(@ && @.security && @.security.length > 0)].responses',
    ]),
  },
  overrides: [
    { files: places(PUBLIC_WRITES), rules: { 'owasp:api2:2023-write-restricted': 'off' } },
    { files: places(PUBLIC_READS), rules: { 'owasp:api2:2023-read-restricted': 'off' } },
    {
      files: [...IGNORED, `${FILE}#/components/schemas/Scope`],
      rules: {
        'owasp:api4:2023-array-limit': 'off',
        'owasp:api4:2023-string-limit': 'off',
        'owasp:api4:2023-string-restricted': 'off',
      },
    },
  ],
};
