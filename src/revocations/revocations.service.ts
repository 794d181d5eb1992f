import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from '../authorization/authenticated-request.js';
import { lastEventIdOf, type StreamMessage, streamOf, wantsEventStream } from '../http/event-stream.js';
import { assertAllowed, type OpenReader, OpenReaders } from '../http/open-readers.js';
import { cursorOf, numberIn } from './cursor.js';
import { type RevocationsView, toLists } from './revocation.view.js';
import { type FeedPage, RevocationFeed } from './revocation-feed.js';
import type { RevocationsQuery } from './revocations.query.js';

/** Polls and streams of the feed of revocations (contract.md §5). */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly feed: RevocationFeed,
    private readonly readers: OpenReaders,
  ) {}

  /**
   * Returns what is new, or the body of a stream of it.
   *
   * @throws {ApiError} 400 for a cursor that is none; 410 for one from before a restore; 429; 401 when the token expires
   *   while a poll waits
   */
  async respond(
    { after, wait }: RevocationsQuery,
    request: AuthenticatedRequest,
    reply: FastifyReply,
  ): Promise<RevocationsView | Readable> {
    const isStream = wantsEventStream(request);
    const sent = isStream ? lastEventIdOf(request) : undefined;
    const reader = this.readers.open({
      key: `revocation/${request.user.userId}`,
      check: () => request.recheck(),
    });
    let isStreaming = false;
    try {
      const from = await this.positionOf(sent ?? after, sent === undefined ? 'after' : 'Last-Event-ID');
      if (!isStream) {
        reply.raw.once('close', () => {
          reader.close();
        });
        return await this.poll(from, wait * 1000, reader);
      }
      isStreaming = true;
      return streamOf(reply, this.messages(from, reader), reader);
    } finally {
      if (!isStreaming) reader.close();
    }
  }

  /** Returns the number that a cursor is behind; 0: the beginning. */
  private async positionOf(cursor: string | undefined, field: string): Promise<number> {
    if (cursor === undefined) return 0;
    const { epoch } = await this.feed.incarnation();
    return numberIn(cursor, { field, epoch, last: await this.feed.lastGiven() });
  }

  /** Waits at most `wait` milliseconds for an entry. */
  private async poll(from: number, wait: number, reader: OpenReader): Promise<RevocationsView> {
    const deadline = performance.now() + wait;
    await this.feed.number();
    let page = await this.feed.pageAfter(from);
    while (page.entries.length === 0 && !reader.signal.aborted) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      from = page.last;
      await this.feed.wait(from, reader.signal, left);
      page = await this.feed.pageAfter(from);
    }
    assertAllowed(reader);
    return this.viewOf(page);
  }

  /** The first message comes at once, also when it is empty: so a reader knows that it is current. */
  private async *messages(from: number, reader: OpenReader): AsyncGenerator<StreamMessage> {
    await this.feed.number();
    for (let isFirst = true; !reader.signal.aborted; isFirst = false) {
      const page = await this.feed.pageAfter(from);
      const view = await this.viewOf(page);
      if (isFirst || page.entries.length > 0) yield { id: view.cursor, data: JSON.stringify(view) };
      if (page.last === from) await this.feed.wait(from, reader.signal);
      from = page.last;
    }
  }

  private async viewOf({ entries, last }: FeedPage): Promise<RevocationsView> {
    const { epoch, notBefore } = await this.feed.incarnation();
    return {
      cursor: cursorOf(epoch, last),
      notBefore: notBefore?.toISOString() ?? null,
      ...toLists(entries),
    };
  }
}
