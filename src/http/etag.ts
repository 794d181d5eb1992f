import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { HttpStatus } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/*
 * Entity tags (contract.md §3). A tag has the form `"<id>.<version>[-<more>]"`. The part before the hyphen, the record
 * tag, counts the changes of the record. The rest changes with what the response shows besides.
 *
 * The id is part of it because `/user/current` is another record for each caller.
 */

/** The conditional headers of a request (RFC 9110 §13.1). */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Returns the {@link Conditions} of a request; undefined: it has none. */
export function conditionsOf({ headers }: FastifyRequest): Conditions | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return ifMatch === undefined && ifNoneMatch === undefined ? undefined : { ifMatch, ifNoneMatch };
}

/** Returns the part of an entity tag that counts the changes of the record. */
export const recordTagOf = ({ id, version }: { readonly id: number; readonly version: number }): string =>
  `${id}.${version}`;

/**
 * Checks the conditions of a change against the record as it is now.
 *
 * @param record the record tag, for `If-Match`
 * @param whole returns the whole tag, for `If-None-Match`
 * @throws {ApiError} 412 when `If-Match` does not match, or `If-None-Match` does
 */
export async function assertConditions(
  { ifMatch, ifNoneMatch }: Conditions,
  record: string,
  whole: () => string | Promise<string>,
): Promise<void> {
  assertMatch(ifMatch, record);
  if (ifNoneMatch === undefined) return;
  if (isAny(ifNoneMatch) || matchesWeakly(ifNoneMatch, await whole())) throw requestErrors.notChanged();
}

/**
 * Sets the `ETag` of a response to GET, and the status 304 if the client has this representation already.
 *
 * @returns whether the status is 304: the body must then be empty
 * @throws {ApiError} 412 when `If-Match` does not match
 */
export function isNotModified(reply: FastifyReply, tag: string): boolean {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = reply.request.headers;
  if (ifMatch !== undefined) assertMatch(ifMatch, recordPartOf(tag));
  reply.header('ETag', `"${tag}"`);
  if (ifNoneMatch === undefined || !(isAny(ifNoneMatch) || matchesWeakly(ifNoneMatch, tag))) return false;
  void reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}

/**
 * Omits the `Content-Length: 0` that Fastify gives a 304 to HEAD: it would be the length of the body of GET
 * (RFC 9110 §8.6).
 */
export function omitLengthWhenNotModified(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') return;
    const omit: onSendHookHandler = (_request, reply, payload, done) => {
      if (reply.statusCode === 304) reply.removeHeader('content-length');
      done(null, payload);
    };
    route.onSend = [route.onSend ?? [], omit].flat();
  });
}

/** Whether the value of a conditional header is `*`. */
export const isAny = (header: string): boolean => header.trim() === '*';

function assertMatch(ifMatch: string | undefined, record: string): void {
  if (ifMatch !== undefined && !isAny(ifMatch) && !matchesRecord(ifMatch, record))
    throw requestErrors.preconditionFailed();
}

/** Whether one of the tags is of this version of the record. Strong comparison: a weak tag never matches. */
const matchesRecord = (header: string, record: string): boolean =>
  hasTag(header, ({ isWeak, tag }) => !isWeak && recordPartOf(tag) === record);

const matchesWeakly = (header: string, whole: string): boolean => hasTag(header, ({ tag }) => tag === whole);

function recordPartOf(tag: string): string {
  const end = tag.indexOf('-');
  return end < 0 ? tag : tag.slice(0, end);
}

interface SentTag {
  readonly isWeak: boolean;
  /** Without the quotes. */
  readonly tag: string;
}

/**
 * An element of a list of entity tags and the comma or end that follows (RFC 9110 §8.8.3, §5.6.1). An element may be
 * empty. Only one part of it can match each character, so that its time is linear.
 */
const ELEMENT = /(?:(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"[ \t]*)?(?:,[ \t]*|$)/y;

/** Whether a header has a tag that `isWanted` accepts. A header that is no list of entity tags has none. */
function hasTag(header: string, isWanted: (sent: SentTag) => boolean): boolean {
  const list = header.trim();
  let isFound = false;
  for (let position = 0; position < list.length; position = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = position;
    const element = ELEMENT.exec(list);
    if (!element) return false;
    const [, weak, tag] = element;
    if (tag !== undefined && isWanted({ isWeak: weak !== undefined, tag })) isFound = true;
  }
  return isFound;
}
