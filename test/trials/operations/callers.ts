import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { claimsOf, Client } from '../../support/client.js';
import { isWhole } from '../promise.js';
import { hashing } from './hashing.js';

/** How old, in milliseconds, published keys may be that must be enough to verify a token: any key is known for longer. */
const OLDEST_KEYS = 1000;
/** Milliseconds between two looks at the published keys. */
const LOOK_INTERVAL = 400;
/** Milliseconds between two rounds of one caller: the machine is to be busy, and yet to do something else. */
const BREATH = 150;

/** The id of the key that signed a token. */
export const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';

/** Verifies tokens as a service does that fetches the keys now and then, and never because it does not know one. */
export class OfflineVerifier {
  checked = 0;
  private kept?: { readonly at: number; readonly verify: (token: string) => Promise<unknown> };

  constructor(private readonly processes: readonly Client[]) {}

  /** Fetches the keys again and again. */
  async live(until: () => boolean): Promise<void> {
    for (let turn = 0; !until(); turn += 1) {
      this.kept = await this.fetchFrom(turn);
      await pause(LOOK_INTERVAL);
    }
  }

  /** Whether a token that has just been issued is known to be good. */
  async knows(token: string): Promise<boolean> {
    this.checked += 1;
    const { kept } = this;
    // The slice knows nothing of time: there the keys are those of now.
    const isFresh = isWhole && kept && performance.now() - kept.at <= OLDEST_KEYS;
    const { verify } = isFresh ? kept : await this.fetchFrom(this.checked);
    return verify(token).then(
      () => true,
      () => false,
    );
  }

  private async fetchFrom(turn: number) {
    const at = performance.now();
    const client = this.processes[turn % this.processes.length];
    const keys = createLocalJWKSet((await client?.get('/.well-known/jwks.json'))?.body);
    return {
      at,
      verify: (token: string) => jwtVerify(token, keys, { algorithms: ['ES256'], issuer: 'hivegate' }),
    };
  }
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Signs in, reads and refreshes, each at another process, again and again. */
export class Caller {
  requests = 0;
  /** Access tokens that were tried again once they had expired. */
  expired = 0;
  readonly signers = new Set<string>();
  /** What was answered otherwise than it should be. */
  readonly wrong: string[] = [];
  private readonly kept: string[] = [];
  private refreshToken = '';

  constructor(
    private readonly credentials: { readonly login: string; readonly password: string },
    private readonly processes: readonly Client[],
    private readonly verifier: OfflineVerifier,
    /** Another service, which answers whoever has a good token with another status than 401. */
    private readonly offlineService: Client,
  ) {}

  async live(until: () => boolean): Promise<void> {
    for (let round = 0; !until(); round += 1) {
      if (round % 4 === 0) await this.signIn();
      const refreshed = await this.ask('/token/refresh', { refreshToken: this.refreshToken });
      if (refreshed) await this.see(refreshed.accessToken);
      await this.tryOldest();
      await pause(BREATH);
    }
  }

  private get any(): Client {
    return this.processes[this.requests % this.processes.length] ?? new Client('');
  }

  private async signIn(): Promise<void> {
    const tokens = await hashing(() => this.ask('/token', this.credentials));
    if (!tokens) return;
    this.refreshToken = tokens.refreshToken;
    await this.see(tokens.accessToken);
  }

  private async ask(path: string, body: object): Promise<Tokens | undefined> {
    const answer = await this.any.post(path, body);
    this.requests += 1;
    if (answer.status === 201) return answer.body;
    this.wrong.push(`${path}: ${answer.status} ${answer.text}`);
    return undefined;
  }

  /** A token that has just been issued opens what it should everywhere. */
  private async see(token: string): Promise<void> {
    this.signers.add(kidOf(token));
    if (!(await this.verifier.knows(token))) this.wrong.push(`offline: ${kidOf(token)} is not known`);
    await this.read(token);
    this.kept.push(token);
  }

  private async read(token: string): Promise<void> {
    const { status } = await this.any.as(token).get('/user/current');
    const offline = await this.offlineService.as(token).get('/networks/1/devices');
    this.requests += 2;
    if (this.isExpired(token)) return;
    if (status !== 200) this.wrong.push(`read: ${status}`);
    if (offline.status !== 200 && offline.status !== 403) this.wrong.push(`offline service: ${offline.text}`);
  }

  /** A token is good until it expires, whatever signs by then, and not any longer. */
  private async tryOldest(): Promise<void> {
    const [token] = this.kept;
    if (token === undefined) return;
    if (!this.isExpired(token)) {
      await this.read(token);
      return;
    }
    this.kept.shift();
    this.expired += 1;
    const { status, body } = await this.any.as(token).get('/user/current');
    if (status !== 401 || body?.message !== 'Token expired') this.wrong.push(`expired: ${status}`);
  }

  private isExpired(token: string): boolean {
    return Date.now() >= (claimsOf(token).exp ?? 0) * 1000;
  }
}
