import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parsePostgresUrl } from '../text/postgres-url.js';

/*
 * Parsers for the values of settings, from the text of an environment variable.
 */

/** Reads a value from the text of a variable. */
export type Parser<T> = z.ZodType<T, string>;

/** An integer from `least` to `most`. */
export const integer = (least: number, most: number): Parser<number> =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

/** A text of `least` to `most` characters. */
export const text = (least: number, most: number): z.ZodString => z.string().min(least).max(most);

/** One of a few words, in any case, each with its value. */
const choice = <T>(choices: Readonly<Record<string, T>>): Parser<T> =>
  z.string().transform((value, context) => {
    const name = value.toLowerCase();
    if (Object.hasOwn(choices, name)) return choices[name] as T;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });

/** `on` or `off`. */
export const onOff = choice({ on: true, off: false });
/** `true` or `false`. */
export const trueFalse = choice({ true: true, false: false });
/** One of these words, in any case. */
export const word = <const T extends string>(words: readonly T[]): Parser<T> =>
  choice(Object.fromEntries(words.map((name) => [name, name])) as Record<string, T>);

/** A date, at its start in UTC, or a moment of ISO 8601 with a time zone. */
export const moment: Parser<Date> = z.iso
  .date()
  .or(z.iso.datetime({ offset: true }))
  .transform((value) => new Date(value));

/** Items separated by commas, at least one. */
export const list = <const T extends string>(item: Parser<T>): Parser<readonly T[]> =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));

/** Which database holds the data. */
export type DatabaseSettings =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/**
 * `sqlite:<path>` or a `postgres://` URL. A path is used exactly as it is written. The SQLite driver cuts white space at
 * its ends, and a URL parser all control characters: neither would be what the other parts of the program name.
 */
export const database: Parser<DatabaseSettings> = z.string().transform((value, context): DatabaseSettings => {
  const named = value.replace(/^sqlite:/, '');
  // eslint-disable-next-line no-control-regex -- none is allowed
  if (named !== named.trim() || /[\x00-\x1f\x7f]/.test(value)) {
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }
  const path = /^sqlite:(?:\/\/(?=\/))?(?<path>.+)$/s.exec(value)?.groups?.['path'];
  if (path !== undefined && !path.startsWith(':memory:')) return { kind: 'sqlite', path };
  if (parsePostgresUrl(value)) return { kind: 'postgres', url: value };
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** An origin as browsers send it, such as `https://console.example.com`. */
export const origin: Parser<string> = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value);

/** A host name, or an address in its usual form: not one of digits and dots that is no address, such as `127.1`. */
const isNameOrIpv4 = (value: string): boolean =>
  /^[\d.]*$/.test(value) ? ipaddr.IPv4.isValidFourPartDecimal(value) : /^[\w.-]{1,255}$/.test(value);

/** A host name, or an address without brackets and without a port. */
export const host: Parser<string> = z
  .string()
  .refine((value) => isNameOrIpv4(value) || (/^[\da-f:.]{2,45}$/i.test(value) && ipaddr.IPv6.isValid(value)));

/** Where metrics are served: nowhere, on the port of the service, or on an address of their own. */
export type MetricsSettings = 'off' | 'on' | { readonly host: string; readonly port: number };

/** `off`, `on`, or an address with a port: `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`. */
export const metrics: Parser<MetricsSettings> = z.string().transform((value, context): MetricsSettings => {
  const word = value.toLowerCase();
  if (word === 'on' || word === 'off') return word;
  const { name, six, port } =
    /^(?:(?<name>[\w.-]{1,255})|\[(?<six>[\da-f:.]{2,45})\]):(?<port>\d{1,5})$/i.exec(value)?.groups ?? {};
  const isHost = six === undefined ? isNameOrIpv4(name ?? '') : ipaddr.IPv6.isValid(six);
  if (isHost && Number(port) <= 65_535) return { host: six ?? name ?? '', port: Number(port) };
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** The `http://` or `https://` URL of a collector. No password and no query: the log names it. */
export const collectorUrl: Parser<string> = z.string().refine((value) => {
  if (!/^https?:\/\/[^\s]+$/.test(value) || !URL.canParse(value)) return false;
  const { username, password, search, hash } = new URL(value);
  return `${username}${password}${search}${hash}` === '' && !/[?#@]/.test(value);
});

/**
 * The URL that webhooks are sent to: `https://`, or `http://` where the host is this machine. No user, no password: the
 * signature shows who sends them.
 */
export const webhookUrl: Parser<string> = z.string().refine((value) => {
  if (!/^https?:\/\/[^\s#@]+$/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || hostname === 'localhost' || /^(?:127(?:\.\d+){3}|\[::1\])$/.test(hostname);
});

/** The bytes of a key of Standard Webhooks. */
const WEBHOOK_KEY = { least: 24, most: 64 };

/** Secrets of Standard Webhooks, `whsec_` and a key in base64, separated by spaces. */
export const webhookSecrets: Parser<readonly string[]> = z
  .string()
  .transform((value) => value.split(/ +/))
  .refine((secrets) => secrets.length <= 8 && secrets.every(isWebhookSecret));

function isWebhookSecret(secret: string): boolean {
  const [, encoded] = /^whsec_(?<key>[A-Za-z\d+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  // Node decodes what other libraries refuse.
  const isCanonical = key.toString('base64') === encoded;
  return isCanonical && key.length >= WEBHOOK_KEY.least && key.length <= WEBHOOK_KEY.most;
}

/** A `ws://` or `wss://` URL. */
export const webSocketUrl: Parser<string> = z
  .string()
  .refine((value) => /^wss?:\/\//.test(value) && URL.canParse(value));

/** Which proxies' `X-Forwarded-*` headers are trusted: none, a number of hops, or addresses and networks. */
export type ProxyTrust = false | number | string;

/**
 * `false`, a number of hops, or addresses and networks separated by commas. Not `true`, and no network of all addresses:
 * a client could then name any address as its own.
 */
export const proxyTrust: Parser<ProxyTrust> = z
  .string()
  .refine(
    (value) => /^(?:\d{1,2}|false)$/.test(value) || value.split(',').every((part) => isNetwork(part.trim())),
  )
  .transform((value): ProxyTrust => {
    if (value === 'false') return false;
    return /^\d+$/.test(value) ? Number(value) : value;
  });

/** An address, a network such as 10.0.0.0/8, or one of Fastify's names for some. */
function isNetwork(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true;
  return value.includes('/')
    ? ipaddr.isValidCIDR(value) && !/\/0+$/.test(value) && isAddress(value.split('/', 1)[0] ?? '')
    : isAddress(value);
}

/** An address in its usual form: ipaddr.js alone would also take `10.1` and `0x7f000001`. */
const isAddress = (value: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value);
