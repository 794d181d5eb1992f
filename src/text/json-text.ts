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
  if (texts.length === 0) return json;
  // Every second part is the index of a text. Appended, not replaced: V8 then copies none of the texts.
  const parts = json.split(MARKED);
  let written = parts[0] ?? '';
  for (let at = 1; at < parts.length; at += 2)
    written += (texts[Number(parts[at])] ?? 'null') + (parts[at + 1] ?? '');
  return written;
}
