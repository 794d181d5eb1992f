import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../support/client.js';
import { whole } from '../promise.js';
import { PASSWORD, type ProvenService } from '../proven-service.js';
import { quantile } from '../sign-in/statistics.js';
import { from } from './hostile-sources.js';

/** A response, and how long it took in milliseconds. */
export interface TimedAnswer {
  readonly answer: Answer;
  readonly took: number;
}

/** The durations of a series of requests, in milliseconds. */
export interface Durations {
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** Measures one request. */
export async function timed(ask: () => Promise<Answer>): Promise<TimedAnswer> {
  const began = performance.now();
  const answer = await ask();
  return { answer, took: performance.now() - began };
}

/**
 * Sends requests one after the other, with a pause of so many milliseconds between them: `count`, or as many as there
 * are in `most` milliseconds.
 */
export async function series(
  count: number,
  interval: number,
  ask: () => Promise<Answer>,
  most = Infinity,
): Promise<TimedAnswer[]> {
  const answers: TimedAnswer[] = [];
  const began = performance.now();
  while (answers.length < count && performance.now() - began < most) {
    answers.push(await timed(ask));
    await pause(interval);
  }
  return answers;
}

/** How many responses of a series have a status. */
export const having = (answers: readonly TimedAnswer[], status: number): number =>
  answers.filter(({ answer }) => answer.status === status).length;

/** The durations of a series. */
export function durationsOf(answers: readonly TimedAnswer[]): Durations {
  const durations = answers.map(({ took }) => took);
  return {
    median: quantile(durations, 0.5),
    p99: quantile(durations, 0.99),
    most: Math.max(...durations),
  };
}

/** Durations in words. */
export const inWords = ({ median, most }: Durations): string =>
  `median ${milliseconds(median)}, at the most ${milliseconds(most)}`;

/** A duration in words. */
export const milliseconds = (duration: number): string =>
  `${duration < 10 ? duration.toFixed(1) : whole(duration)} ms`;

/** A user whom nobody attacks, while others are attacked. */
export class Bystander {
  /** The sources from which any bystander has signed in. */
  private static sources = 0;

  private constructor(
    private readonly service: ProvenService,
    private readonly login: string,
  ) {}

  static async create(service: ProvenService, login = 'bystander'): Promise<Bystander> {
    await service.createUser(login);
    return new Bystander(service, login);
  }

  /** Signs in, from a source that the service has never seen. */
  signIn(): Promise<Answer> {
    const source = (Bystander.sources += 1);
    return this.signInFrom(`198.18.${source >> 8}.${source & 255}`);
  }

  /** Signs in from a source. */
  signInFrom(address: string): Promise<Answer> {
    return this.service.client.post('/token', { login: this.login, password: PASSWORD }, from(address));
  }

  /**
   * Signs in from a source that the service has never seen, and again from there for as long as the service tells it to
   * come back later (`Retry-After`).
   *
   * @returns the responses; the last one is that of a sign-in, or of one that was refused for another reason
   */
  async signInPatiently(): Promise<Answer[]> {
    const source = (Bystander.sources += 1);
    const answers: Answer[] = [];
    for (;;) {
      const answer = await this.signInFrom(`198.18.${source >> 8}.${source & 255}`);
      answers.push(answer);
      const seconds = Number(answer.headers.get('retry-after') ?? 0);
      if (answer.status !== 503 || seconds <= 0) return answers;
      await pause(seconds * 1000);
    }
  }
}
