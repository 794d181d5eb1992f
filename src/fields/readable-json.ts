import { LRUCache } from 'lru-cache';
import { unreadableTexts } from '../database/unreadable-texts.js';
import { readObject } from '../text/read-json.js';

/** How many characters of texts are kept that have been read: those of the records that requests read most. */
const MOST_KEPT = 4 * 1024 * 1024;

/**
 * Tells which stored texts are JSON objects (contract.md §10): a row may have been written by other means. Others count
 * as null. Parsing a long text takes longer than the rest of a request, so the text that a record had when it was last
 * read is kept: comparing two texts is cheap.
 */
export class ReadableJson {
  private readonly read = new LRUCache<number, string>({
    maxSize: MOST_KEPT,
    sizeCalculation: ({ length }) => length + 1,
  });

  /** @param nameOf names the text of a record for the log, such as `The data of user 7` */
  constructor(private readonly nameOf: (id: number) => string) {}

  /** Returns the stored text of the record `id`, or null where it is not a JSON object. */
  orNull(stored: string | null, id: number): string | null {
    if (stored === null || this.read.get(id) === stored) return stored;
    // SQLite accepts values of any type in manual edits.
    if (readObject(stored)) {
      this.read.set(id, stored);
      return stored;
    }
    unreadableTexts.report(this.nameOf(id), 'it is not a JSON object, and is shown as null');
    return null;
  }
}
