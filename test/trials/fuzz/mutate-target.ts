import { METHODS } from 'node:http';
import type { Draft } from './draft.js';
import type { Random } from './random.js';
import { oddNumber, oddText } from './values.js';

/** What stands in the place of an id: as it is sent. None of them is the id of anyone who asks. */
const IDS: readonly string[] = [
  '0',
  '-1',
  '+1',
  '1.5',
  '1e9',
  '0x7fffffff',
  '2147483648',
  '999999999',
  '0000000999999999',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775808',
  '9'.repeat(400),
  '9'.repeat(1025),
  '9'.repeat(9000),
  'current',
  'Current',
  'all',
  'count',
  'null',
  'undefined',
  'NaN',
  '%00',
  '7%00',
  '%20',
  '%2e%2e',
  '..%2f..%2fetc%2fpasswd',
  '%2F',
  '%5c',
  '%252e',
  '%u0031',
  '%',
  '%zz',
  '%c0%ae',
  '%ed%a0%80',
  '%ff',
  '%D9%A1',
  '*',
  ':id',
  '{id}',
  '__proto__',
  'constructor',
  "1'--",
  '1;2',
  '1,2',
  '[1]',
];

/** A parameter of the path is odd. */
export function changeId(draft: Draft, random: Random): string {
  const { pathParameters } = draft.operation;
  if (pathParameters.length === 0) return changePath(draft, random);
  const { name } = random.pick(pathParameters);
  const value = random.chance(0.8) ? random.pick(IDS) : encodeURIComponent(oddText(random).toWellFormed());
  draft.setParameter(name, value);
  return `${name} = ${value.slice(0, 40)}`;
}

/** The path is spelt otherwise, or is another. */
export function changePath(draft: Draft, random: Random): string {
  const { path } = draft;
  draft.path = random.weigh<() => string>([
    [2, () => `${path}/`],
    [2, () => path.replaceAll('/', '//')],
    [2, () => `/.${path}`],
    [2, () => `/x/..${path}`],
    [1, () => `/x/%2e%2e${path}`],
    [1, () => path.replace(/^\/(.)/, (_, first: string) => `/%${first.charCodeAt(0).toString(16)}`)],
    [1, () => path.replaceAll('/', '%2f')],
    [1, () => path.replaceAll('/', '\\')],
    [2, () => path.toUpperCase()],
    [1, () => `${path}%00`],
    [1, () => `${path};a=b`],
    [1, () => `${path}.json`],
    [1, () => `${path}#fragment`],
    [2, () => `http://elsewhere.invalid${path}`],
    [1, () => `HTTPS://user:word@[::1]:99999${path}`],
    [1, () => `//elsewhere.invalid${path}`],
    [1, () => `ftp://elsewhere.invalid${path}`],
    [1, () => path.slice(1) || 'x'],
    [1, () => '*'],
    [1, () => `/${oddText(random).replaceAll(/[^!-~]/g, '')}`],
    [1, () => `${path}/${'a/'.repeat(random.pick([10, 2000]))}`],
    [1, () => `${path}\xff\xfe`],
    [1, () => '/swagger/..%2f..%2f..%2fpackage.json'],
    [1, () => '/swagger/%00'],
    [1, () => '/swagger/../main.js'],
    [1, () => '/swagger/swagger-ui.css'],
    [
      1,
      () =>
        random.pick(['/', '/.env', '/.git/config', '/metrics', '/__proto__', '/constructor', '/user/count/']),
    ],
  ])();
  return `path ${draft.path.slice(0, 60)}`;
}

/** The method is another. */
export function changeMethod(draft: Draft, random: Random): string {
  draft.method = random.chance(0.8)
    ? random.pick(METHODS.filter((method) => method !== 'CONNECT'))
    : random.pick(['get', 'Put', 'FETCH', 'X'.repeat(5000), 'GET\t', '__proto__', 'PRI', '']);
  draft.isLast ||= !METHODS.includes(draft.method);
  return `method ${draft.method.slice(0, 20)}`;
}

/** The query is odd: a parameter of the operation, or one that it does not know. */
export function changeQuery(draft: Draft, random: Random): string {
  const { queryParameters } = draft.operation;
  const isKnown = queryParameters.length > 0 && random.chance(0.7);
  const name = isKnown ? random.pick(queryParameters).name : random.pick(UNKNOWN);
  const value = encodeURIComponent(
    (random.chance(0.4) ? oddNumber(random) : oddText(random)).toWellFormed().slice(0, 3000),
  );
  const key = encodeURIComponent(name);
  draft.query = draft.query.filter((part) => !part.startsWith(`${name}=`));
  const [what, parts, field] = random.weigh<readonly [string, readonly string[], string?]>([
    [10, ['odd', [`${key}=${value}`], name]],
    [3, ['twice', [`${key}=1`, `${key}=${value}`], name]],
    [2, ['in brackets', [`${key}[]=${value}`, `${key}[]=2`], `${name}[]`]],
    [2, ['as an object', [`${key}[a]=${value}`], `${name}[a]`]],
    [2, ['__proto__', [`__proto__[${key}]=${value}`], `__proto__[${name}]`]],
    [2, ['without a value', [key]]],
    [2, ['badly encoded', [`${key}=%zz%`, `${key}%ff=%c0%80`]]],
    [1, ['raw', [`${key}=a+b&&&===`]]],
    [1, ['many', Array.from({ length: 1000 }, (_, index) => `k${index}=${index}`)]],
    [1, ['long', [`${key}=${'x'.repeat(random.pick([300, 8000]))}`], name]],
  ]);
  draft.query.push(...parts);
  draft.spoilt = field?.startsWith('\0') ? undefined : field;
  return `query ${name.slice(0, 20)} ${what}`;
}

const UNKNOWN: readonly string[] = [
  'password',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'TAKE',
  'take ',
  'access_token',
  'id',
  'x'.repeat(300),
  '\0',
  'é',
];
