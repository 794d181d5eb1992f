import type { Dialect, DialectRequest } from '../dialect/dialect.js';
import type { Settings } from '../settings/settings.js';
import { memberTexts } from '../text/json-tree.js';
import { routeOf } from './routes.js';
import { readTokenRequest } from './token-requests.js';

/** The only field that may be null: null clears it. Elsewhere, and of any other field, null counts as absent. */
const NULLABLE = 'data';
/** Fields that count as absent if they are empty texts. */
const EMPTY_IS_ABSENT = ['password', 'expiration', 'refreshExpiration'];
/** Numbers that may be sent as texts. */
const NUMBERS = ['role', 'status', 'userId'];
/** Texts that may be sent as a number, or as `true` or `false`. */
const TEXTS = ['login', 'password', 'oldPassword', 'name', 'description', 'value', 'label'];
/** Read-only fields, which may have any value. */
const READ_ONLY = ['id', 'lastLogin', 'networks'];
const INTEGER = /^\s*-?\d{1,16}\s*$/;

/** Returns the function that reads bodies as the original does (contract.md §9). */
export function bodyReader(settings: Settings): NonNullable<Dialect['readBody']> {
  return (request, body, text) => {
    const read = Object.fromEntries(
      Object.entries(withTexts(body, text)).flatMap(([name, value]) =>
        isAbsent(name, value) ? [] : [[name, convert(name, value)] as const],
      ),
    );
    return special(routeOf(request, settings), read, request);
  };
}

/** What only some routes do. */
function special(
  route: string,
  body: Record<string, unknown>,
  { query }: DialectRequest,
): Record<string, unknown> {
  switch (route) {
    case 'PUT /user/:id':
    case 'PUT /user/current':
    case 'PATCH /user/:id':
    case 'PATCH /user/current': {
      // Set by `PUT /user/{id}/devicetype/all` alone.
      const { allDeviceTypesAvailable: _, ...rest } = body;
      return rest;
    }
    case 'PUT /configuration/:name': {
      const { value } = query as { readonly value?: string };
      return value === undefined ? body : { value, ...body };
    }
    case 'POST /token/create':
      return readTokenRequest(body);
    default:
      return body;
  }
}

const isAbsent = (name: string, value: unknown): boolean =>
  READ_ONLY.includes(name) ||
  (value === null && name !== NULLABLE) ||
  (value === '' && EMPTY_IS_ABSENT.includes(name));

function convert(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (NUMBERS.includes(name) && INTEGER.test(value)) return Number(value);
  return name === 'introReviewed' ? value === 'true' : value;
}

/** Returns a body with the texts of numbers and booleans where a text is expected, as they were sent. */
function withTexts(body: Record<string, unknown>, text: string): Record<string, unknown> {
  const others = TEXTS.filter((name) => ['number', 'boolean'].includes(typeof body[name]));
  if (others.length === 0) return body;
  const texts = memberTexts(text);
  return { ...body, ...Object.fromEntries(others.map((name) => [name, texts.get(name)])) };
}
