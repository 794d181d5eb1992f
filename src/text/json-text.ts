import { randomUUID } from 'node:crypto';

/**
 * A JSON value that is stored and returned as its original text. It is never re-serialized, so key order, big numbers,
 * repeated keys and depth are preserved (contract.md §3, `data`).
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
 * JSON.stringify cannot insert raw text. So each JsonText is serialized as an unpredictable placeholder, which is
 * replaced by its text afterwards. Stringifying is synchronous, so one list of texts is enough for all calls.
 */
const MARK = randomUUID();
const MARKED = new RegExp(`"${MARK}(\\d+)"`, 'g');
let texts: string[] = [];

/** Like `JSON.stringify`, but inserts the text of each {@link JsonText} unchanged. */
export function stringify(value: unknown): string {
  texts = [];
  const json = JSON.stringify(value);
  return texts.length === 0
    ? json
    : json.replace(MARKED, (_, index: string) => texts[Number(index)] ?? 'null');
}
