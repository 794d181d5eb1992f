import { randomUUID } from 'node:crypto';

/**
 * A JSON value that travels through the service as the text it was sent as, and is never parsed on the way:
 * key order, big numbers, repeated keys and depth all come back untouched (contract.md §3, `data`).
 */
export class JsonText {
  constructor(readonly text: string) {}

  /** Size in bytes of UTF-8. */
  get bytes(): number {
    return Buffer.byteLength(this.text);
  }

  toJSON(): string {
    return `${MARK}${texts.push(this.text) - 1}`;
  }
}

/*
 * JSON.stringify cannot be told to copy a text. So each JsonText leaves a mark that nobody can guess, which is
 * replaced by its text afterwards. Stringifying is synchronous: one list of texts serves all calls.
 */
const MARK = randomUUID();
const MARKED = new RegExp(`"${MARK}(\\d+)"`, 'g');
let texts: string[] = [];

/** As `JSON.stringify`, with each {@link JsonText} copied as it is. */
export function stringify(value: unknown): string {
  texts = [];
  const json = JSON.stringify(value);
  return texts.length === 0
    ? json
    : json.replace(MARKED, (_, index: string) => texts[Number(index)] ?? 'null');
}
