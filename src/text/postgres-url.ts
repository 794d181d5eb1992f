import { isIPv6 } from 'node:net';

/** The parts of a `postgres://` URL, decoded. Absent and empty parts are undefined. */
export interface PostgresUrl {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** A name, an address without brackets or the directory of a socket; several are separated by commas. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly database: string | undefined;
  /** In their order; a name may occur more than once. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const PARTS =
  /^postgres(?:ql)?:\/\/(?:(?<userinfo>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:\/(?<database>[^/?#@]*))?(?:\?(?<query>[^#]*))?$/;

/**
 * Parses a URL as PostgreSQL's own programs do, not as browsers do: the host may be absent behind a user, or be the path
 * of a socket, and `+` is no space.
 *
 * @returns undefined where it is none: for example where a password has a `/`, a `?` or a `#` that is not percent-encoded
 */
export function parsePostgresUrl(text: string): PostgresUrl | undefined {
  const { userinfo = '', hosts = '', database = '', query = '' } = PARTS.exec(text)?.groups ?? {};
  if (!/^postgres(?:ql)?:\/\/./.test(text) || !PARTS.test(text)) return undefined;
  const [, user = '', password = ''] = /^([^:]*)(?::(.*))?$/s.exec(userinfo) ?? [];
  const places = hosts.split(',').map(placeOf);
  const pairs = query === '' ? [] : query.split('&').map((pair) => /^([^=]+)=(.*)$/s.exec(pair));
  try {
    if (places.includes(undefined) || pairs.includes(null)) return undefined;
    const decode = (part: string | undefined) => (part ? decodeURIComponent(part) : undefined);
    return {
      user: decode(user),
      password: decode(password),
      host: joined(places.map((place) => decode(place?.host) ?? '')),
      port: joined(places.map((place) => place?.port ?? '')),
      database: decode(database),
      parameters: pairs.map((pair) => [decode(pair?.[1]) ?? '', decode(pair?.[2]) ?? ''] as const),
    };
  } catch {
    // A `%` that is not one of an escape.
    return undefined;
  }
}

/** Separates a host, an IPv6 address in brackets or the encoded path of a socket from its port. */
function placeOf(text: string): { host: string; port: string } | undefined {
  const { six, name, port } =
    /^(?:\[(?<six>[^\]]*)\]|(?<name>[^:[\]\s]*))(?::(?<port>\d*))?$/.exec(text)?.groups ?? {};
  if (six === undefined && name === undefined) return undefined;
  if (six !== undefined && !isIPv6(six)) return undefined;
  return { host: six ?? name ?? '', port: port ?? '' };
}

const joined = (parts: readonly string[]): string | undefined =>
  parts.every((part) => part === '') ? undefined : parts.join();
