import type { Operation } from './document.js';
import { type Asked, encode, type FuzzRequest, type Header } from './request.js';

/** A member of the body: its name, and its value as JSON. */
export type Member = [name: string, json: string];

/** A request in the making: mutators change it as they please. */
export class Draft {
  method: string;
  /** As it is sent, without the query. */
  path: string;
  /** As they are sent. */
  query: string[] = [];
  headers: Header[] = [];
  /** The members of the body, until {@link body} stands for it. */
  members?: Member[] | undefined;
  /** The body as it is sent. */
  body?: Buffer | undefined;
  /** What is sent instead of all of the above. */
  parts?: Buffer[] | undefined;
  asked?: Asked[] | undefined;
  isLast = false;
  isCut = false;
  version = 'HTTP/1.1';
  readonly mutations: string[] = [];
  /** The field that the last mutation has spoilt, if it was one. */
  spoilt?: string | undefined;

  constructor(
    readonly operation: Operation,
    /** Who asks, and the token, if any. */
    readonly as: string,
    readonly token: string | undefined,
    readonly parameters: Readonly<Record<string, string>>,
    /** The path of somebody whom requests within requests would delete. */
    readonly victim: string,
  ) {
    this.method = operation.method;
    this.path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
  }

  /** Sets a parameter of the path, as it is sent. */
  setParameter(name: string, value: string): void {
    const all = { ...this.parameters, [name]: value };
    this.path = this.operation.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => all[key] ?? '');
  }

  /** Replaces a header, or adds it. */
  setHeader(name: string, value: string): void {
    this.headers = [...this.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())];
    this.headers.push([name, value]);
  }

  get target(): string {
    return this.query.length > 0 ? `${this.path}?${this.query.join('&')}` : this.path;
  }

  /** The body as it is sent, if there is one. */
  get bytes(): Buffer | undefined {
    if (this.body) return this.body;
    if (!this.members) return undefined;
    return Buffer.from(
      `{${this.members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`,
    );
  }

  /** All of it as bytes, as far as no mutator has made them. */
  get encoded(): Buffer {
    const { method, target, version, headers } = this;
    return encode({ method, target, version, headers }, this.bytes);
  }

  /** The request as it goes over the wire. */
  finish(): FuzzRequest {
    const { operation, as, mutations, method, target } = this;
    return {
      operation: operation.label,
      as,
      mutations,
      parts: this.parts ?? [this.encoded],
      asked: this.asked ?? [{ method, target }],
      isLast: this.isLast,
      isCut: this.isCut,
      ...(mutations.length === 1 && this.spoilt !== undefined && { fieldAtFault: this.spoilt }),
    };
  }
}
