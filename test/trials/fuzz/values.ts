import type { Random } from './random.js';

/** Texts that have broken something somewhere. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  '\0',
  'a\0b',
  '\u0001\u001f\u007f',
  '\ud800',
  '\udfff',
  'a\ud83db',
  '\udc00\ud800',
  '\ufeffada',
  '\ufffe\uffff',
  'a\u0301\u0301\u0301',
  'e\u0300'.repeat(200),
  '\u202eada\u202c',
  '\u2066مرحبا\u2069 עולם',
  '👩‍👩‍👧‍👦'.repeat(30),
  '𝕒𝕕𝕒',
  'ﬀİıſK',
  'ß'.repeat(128),
  '\u2028\u2029',
  '٣٤',
  '１２３',
  'null',
  'undefined',
  'true',
  'NaN',
  '0',
  '-0',
  '1e3',
  '0x10',
  '9007199254740993',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '"\\\'`',
  '\\',
  '%',
  '%_%_%',
  '%s%n%x',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '$(id)`id`',
  '$1 $& :key ? @p0',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  'a\r\nX-Injected: 1',
  'x'.repeat(127),
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(256),
  'x'.repeat(257),
  'x'.repeat(5000),
  '%'.repeat(256),
  '%a'.repeat(128),
  '_%'.repeat(128),
  '2031-01-31T12:00:00.000Z',
  '2031-02-30T12:00:00Z',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '0000-01-01T00:00Z',
];

/** Numbers as JSON has them, and as it has not. */
const NUMBERS: readonly string[] = [
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '3',
  '0.1',
  '1.0',
  '1e0',
  '10e-1',
  '0.5e-400',
  '1e400',
  '-1e400',
  '1e309',
  '5e-324',
  '2147483647',
  '2147483648',
  '-2147483649',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551616',
  '1'.repeat(400),
  `0.${'3'.repeat(1000)}`,
  '999999999999',
];
const BROKEN: readonly string[] = [
  '01',
  '-',
  '+1',
  '.5',
  '5.',
  '1e',
  '0x1',
  'NaN',
  'Infinity',
  'undefined',
  "'a'",
  '"a',
  '"\\x"',
  '"\\ud8"',
  '"\u0001"',
  '[1,]',
  '{"a"}',
  '{,}',
  '/**/1',
  '',
];
const STRUCTURES: readonly string[] = [
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '[{}]',
  '[""]',
  '[1,"1",null,{},[]]',
  '{"":""}',
  '{"__proto__":{"role":0,"isAdmin":true}}',
  '{"constructor":{"prototype":{"role":0}}}',
  '{"toJSON":1,"toString":null,"valueOf":null,"length":-1,"then":1}',
  '{"a":1,"a":2,"\\u0061":3}',
  '{"$where":"1","$gt":""}',
  '{"text":"{}","bytes":0}',
  '["*"]',
  '["*",1]',
  '[1e400]',
  '[-0]',
  '["__proto__","constructor","prototype"]',
  '[0,1,2,3,19,99]',
];

/** A text out of the ordinary. */
export const oddText = (random: Random): string => random.pick(TEXTS);

/** A number out of the ordinary, as JSON. */
export const oddNumber = (random: Random): string => random.pick(NUMBERS);

/** A value out of the ordinary, as JSON; now and then it is none, or a huge one. */
export function oddValue(random: Random): string {
  return random.weigh<() => string>([
    [30, () => JSON.stringify(oddText(random))],
    [25, () => oddNumber(random)],
    [15, () => random.pick(['null', 'true', 'false'])],
    [20, () => random.pick(STRUCTURES)],
    [8, () => random.pick(BROKEN)],
    [1, () => deep(random)],
    [1, () => wide(random)],
  ])();
}

/** Nested as no recursion likes it: up to 100,000 levels. */
function deep(random: Random): string {
  const depth = random.pick([500, 10_000, 100_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"":', '}]'],
  ] as const);
  return `${open.repeat(depth)}0${close.repeat(depth)}`;
}

/** Of many members or items, or one long text. */
function wide(random: Random): string {
  const count = random.pick([100, 1000, 20_000]);
  const fill = (item: (index: number) => string) => Array.from({ length: count }, (_, index) => item(index));
  return random.weigh<() => string>([
    [1, () => `[${fill(String).join()}]`],
    [1, () => `[${fill(() => '"GetNetwork"').join()}]`],
    [1, () => `[${fill((index) => `"${index}"`).join()}]`],
    [1, () => `{${fill((index) => `"k${index}":${index}`).join()}}`],
    [1, () => JSON.stringify('é'.repeat(count * 10))],
  ])();
}
