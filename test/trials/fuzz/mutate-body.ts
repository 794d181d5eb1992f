import type { Draft } from './draft.js';
import type { Random } from './random.js';
import { oddText, oddValue } from './values.js';

/** Names that nobody should take for a member of their own. */
const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'id',
  'Login',
  'LOGIN',
  'login ',
  'passwordHash',
  'password_hash',
  'version',
  'passwordVersion',
  'isAdmin',
  'details',
  '0',
  '',
  '\0',
  '\ud800',
  'x'.repeat(200),
];
/** Of these, any value is taken and ignored. */
const IGNORED: readonly string[] = ['id', 'lastLogin', 'networks'];

/** A member has another value. */
export function changeValue(draft: Draft, random: Random): string {
  const members = (draft.members ??= []);
  const [name] = members.length > 0 ? random.pick(members) : [random.pick(NAMES)];
  const json = oddValue(random);
  draft.members = [...members.filter(([other]) => other !== name), [name, json]];
  draft.spoilt = IGNORED.includes(name) ? undefined : name;
  return `${name} = ${json.slice(0, 40)}`;
}

/** There is a member more: one that nobody knows, or one of the schema. */
export function addMember(draft: Draft, random: Random): string {
  const known = Object.keys(draft.operation.body?.properties ?? {});
  const name = random.chance(0.4) && known.length > 0 ? random.pick(known) : random.pick(NAMES);
  (draft.members ??= []).push([name, oddValue(random)]);
  draft.spoilt = IGNORED.includes(name) ? undefined : name;
  return `also ${JSON.stringify(name)}`;
}

/** A member is missing. */
export function dropMember(draft: Draft, random: Random): string {
  const [name] = draft.members?.length ? random.pick(draft.members) : ['nothing'];
  draft.members = draft.members?.filter(([other]) => other !== name);
  return `without ${name}`;
}

/** A member is there twice. */
export function repeatMember(draft: Draft, random: Random): string {
  if (!draft.members?.length) return addMember(draft, random);
  const [name, json] = random.pick(draft.members);
  const again = random.chance(0.5) ? oddValue(random) : json;
  draft.members.splice(random.below(draft.members.length + 1), 0, [name, again]);
  return `${name} twice`;
}

/** Something else altogether, as text. */
export function replaceBody(draft: Draft, random: Random): string {
  const text = random.weigh<() => string>([
    [5, () => oddValue(random)],
    [1, () => oddText(random)],
    [1, () => 'login=ada&password=secret'],
    [1, () => '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    [1, () => `[${draft.bytes?.toString() ?? ''}]`],
    [1, () => `${draft.bytes?.toString() ?? ''}${draft.bytes?.toString() ?? ''}`],
    [1, () => JSON.stringify(draft.bytes?.toString() ?? '')],
    [1, () => ` \n\t${draft.bytes?.toString() ?? ''} \n`],
    [0.1, () => `{"data":{"a":"${'x'.repeat(random.pick([64, 65, 1000, 1023, 1024]) * 1024)}"}}`],
  ])();
  draft.body = Buffer.from(text);
  return `body ${text.slice(0, 40)}`;
}

/** The bytes are not what they should be. */
export function changeBytes(draft: Draft, random: Random): string {
  const bytes = Buffer.from(draft.bytes ?? '{}');
  const [name, change] = random.pick(BYTES);
  draft.body = change(bytes, random);
  return name;
}

const BYTES: readonly [name: string, change: (bytes: Buffer, random: Random) => Buffer][] = [
  ['cut short', (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1))],
  ['UTF-16LE', (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le')],
  ['UTF-16BE', (bytes) => Buffer.from(bytes.toString(), 'utf16le').swap16()],
  ['a BOM', (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])],
  ['Latin-1', (bytes) => Buffer.from(bytes.toString().replace('"', '"é'), 'latin1')],
  [
    'a bit flipped',
    (bytes, random) => {
      const index = random.below(bytes.length);
      bytes[index] = (bytes[index] ?? 0) ^ (1 << random.below(8));
      return bytes;
    },
  ],
  [
    'random bytes within',
    (bytes, random) => {
      const at = random.below(bytes.length + 1);
      const inserted = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
      return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
    },
  ],
  [
    'bad UTF-8 within',
    (bytes, random) => {
      const at = 1 + random.below(Math.max(1, bytes.length - 1));
      const bad = random.pick([
        [0xff],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
        [0xe2, 0x82],
      ]);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(bad), bytes.subarray(at)]);
    },
  ],
  ['NULs behind', (bytes) => Buffer.concat([bytes, Buffer.alloc(16)])],
  [
    'random bytes',
    (_, random) => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
  ],
];

/** What it says of its body is another thing. */
export function changeType(draft: Draft, random: Random): string {
  const [name, value] = random.pick<readonly [string, string]>([
    ['Content-Type', 'text/plain'],
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Content-Type', 'multipart/form-data; boundary=----x'],
    ['Content-Type', 'application/json; charset=utf-16'],
    ['Content-Type', 'application/json; charset=latin1'],
    ['Content-Type', 'application/json;charset="utf-8"'],
    ['Content-Type', 'application/json; charset=utf-8; charset=utf-16'],
    ['Content-Type', 'application/json, text/plain'],
    ['Content-Type', 'application/merge-patch+json'],
    ['Content-Type', 'application/json/../x'],
    ['Content-Type', ';;;'],
    ['Content-Type', ''],
    ['Content-Type', `application/json; ${'a=b; '.repeat(500)}`],
    ['Content-Type', '__proto__/constructor'],
    ['Content-Encoding', 'gzip'],
    ['Content-Encoding', 'deflate, br'],
    ['Content-Encoding', 'identity'],
    ['Content-Language', 'tlh'],
  ]);
  draft.setHeader(name, value);
  return `${name}: ${value.slice(0, 60)}`;
}

/** It announces more than anybody takes. */
export function announceTooMuch(draft: Draft, random: Random): string {
  const length = random.pick([1024 * 1024 + 1, 2 ** 31, 2 ** 53 - 1]);
  draft.setHeader('Content-Length', String(length));
  draft.isLast = true;
  return `a body of ${length}`;
}
