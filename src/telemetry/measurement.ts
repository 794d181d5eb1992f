import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Something that a part of the service reports while it works, for those who measure it: a channel of
 * `node:diagnostics_channel`. The part does not know who listens. While nobody does, a report costs one comparison.
 *
 * Channels belong to the process, as metrics do: services of one process report to the same ones.
 */
export class Measurement<T> {
  private readonly channel;

  private readonly name: string;

  constructor(name: string) {
    this.name = `hivegate:${name}`;
    this.channel = channel(this.name);
  }

  /** Whether somebody listens: where it costs something to find out what would be reported. */
  get isWanted(): boolean {
    return this.channel.hasSubscribers;
  }

  /** Reports a value. */
  report(value: T): void {
    if (this.channel.hasSubscribers) this.channel.publish(value);
  }

  /** Calls `listener` with every value that is reported from now on. @returns a function that ends it */
  listen(listener: (value: T) => void): () => void {
    const subscriber = (value: unknown) => {
      listener(value as T);
    };
    subscribe(this.name, subscriber);
    return () => {
      unsubscribe(this.name, subscriber);
    };
  }
}
