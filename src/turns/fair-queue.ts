import { type Link, LinkedList } from './linked-list.js';

/** Every third turn goes to another rank than the best one that waits: a caller may have the best rank without end. */
const TURNS_PER_EXCEPTION = 3;

/** A place in an order of turns. */
type Place<T> = Link<Party<T> | Entry<T>>;

/** What waits under one key, of all ranks: either the parties of the next keys, or entries. */
class Party<T> {
  /** The number of entries below it, and that of each rank. */
  waiting = 0;
  readonly waitingIn: number[];
  /** The order of turns, by rank. The members are all parties or all entries. */
  readonly order: LinkedList<Party<T> | Entry<T>>[];
  /** The parties below it, by key. */
  readonly parties = new Map<string, Party<T>>();
  /**
   * The parties below it by the number of their entries, then by the worst rank of those. Each list has at its end the
   * party that has reached this standing last.
   */
  readonly standings: LinkedList<Party<T>>[][] = [];
  /** The highest number of entries of a party below it. */
  most = 0;
  /** The places in the parent: the turns by rank, and the standing. */
  readonly places: (Place<T> | undefined)[];
  standing: { readonly list: LinkedList<Party<T>>; readonly link: Link<Party<T>> } | undefined;

  constructor(
    readonly parent: Party<T> | undefined,
    readonly key: string,
    ranks: number,
  ) {
    this.waitingIn = Array<number>(ranks).fill(0);
    this.places = Array<undefined>(ranks).fill(undefined);
    this.order = Array.from({ length: ranks }, () => new LinkedList<Party<T> | Entry<T>>());
  }

  /** The worst rank in which something waits. */
  get worstRank(): number {
    let rank = this.waitingIn.length - 1;
    while (rank > 0 && this.waitingIn[rank] === 0) rank -= 1;
    return rank;
  }

  /** Files a party below this one under the present number of its entries. */
  file(party: Party<T>): void {
    const { waiting, worstRank } = party;
    party.standing?.list.remove(party.standing.link);
    if (waiting === 0) {
      this.parties.delete(party.key);
    } else {
      const lists = (this.standings[waiting] ??= []);
      const list = (lists[worstRank] ??= new LinkedList<Party<T>>());
      party.standing = { list, link: list.push(party) };
      if (waiting > this.most) this.most = waiting;
    }
    // The number of one party changes by one at a time, so this takes one step, or all of them when the last is gone.
    while (this.most > 0 && !this.hasStanding(this.most)) this.most -= 1;
  }

  /** Returns the party that loses an entry: one of those with the most, of the worst rank, and of these the newest. */
  loser(): Party<T> | undefined {
    const lists = this.standings[this.most] ?? [];
    for (let rank = lists.length - 1; rank >= 0; rank -= 1) {
      const last = lists[rank]?.last;
      if (last) return last.value;
    }
    return undefined;
  }

  private hasStanding(waiting: number): boolean {
    return (this.standings[waiting] ?? []).some((list) => list.first !== undefined);
  }
}

/** An entry of a {@link FairQueue}. */
export class Entry<T> {
  /** The rank in which it waits. */
  rank = 0;
  /** The innermost party that it belongs to, and its place there. Undefined: it does not wait any more. */
  party: Party<T> | undefined;
  place: Place<T> | undefined;

  constructor(
    readonly item: T,
    readonly keys: readonly string[],
    readonly rankOf: () => number,
  ) {}
}

const FIRST_RANK = (): number => 0;

/**
 * A queue in which nobody waits for the whole crowd of another.
 *
 * Entries wait under keys, the outermost first: `[site, source, login]`. Turns go round robin over the outermost keys,
 * under each of them over the next keys, and entries with the same keys are served in the order of their arrival. All
 * entries of a queue have the same number of keys.
 *
 * Entries of a better (lower) rank come first. So that no rank starves, every third turn goes to another rank that
 * waits: to each of them in turn, the worst first.
 *
 * Each operation takes time in proportion to the number of keys of an entry, not to the number of entries. Keys under
 * which nothing waits take no memory.
 */
export class FairQueue<T> {
  private readonly root: Party<T>;
  /** Turns since the last one that went to another rank than the best. */
  private turnsOfBest = 0;
  private lastException = 0;

  constructor(private readonly ranks = 1) {
    this.root = new Party<T>(undefined, '', ranks);
  }

  /** The number of entries. */
  get size(): number {
    return this.root.waiting;
  }

  /**
   * Adds an entry.
   *
   * @param rankOf returns its rank. Called again when its turn comes: if the rank is worse by then, it waits on in that
   */
  add(item: T, keys: readonly string[], rankOf: () => number = FIRST_RANK): Entry<T> {
    const entry = new Entry(item, keys, rankOf);
    this.insert(entry, rankOf());
    return entry;
  }

  /** Removes and returns the item whose turn it is. */
  take(): T | undefined {
    for (;;) {
      const rank = this.nextRank();
      const entry = rank === undefined ? undefined : this.firstIn(rank);
      if (!entry) return undefined;
      const rankNow = entry.rankOf();
      if (rankNow > entry.rank) {
        this.remove(entry);
        this.insert(entry, rankNow);
        continue;
      }
      this.noteTurnOf(entry.rank);
      this.rotate(entry);
      this.remove(entry);
      return entry.item;
    }
  }

  /**
   * Removes and returns the entry that has to go when there are too many: the newest one of the party with the most
   * entries, first among the outermost keys, then among those under that key. Among equals it is one with an entry of
   * the worst rank, and among these the one that has changed last: after {@link add} that is the newest arrival, if it is
   * among them.
   */
  shed(): T | undefined {
    let party: Party<T> | undefined = this.root;
    for (let loser = party.loser(); loser; loser = party.loser()) party = loser;
    const entry = party.order[party.worstRank]?.last?.value;
    if (!(entry instanceof Entry)) return undefined;
    this.remove(entry);
    return entry.item;
  }

  /** Removes an entry. Does nothing if it does not wait any more. */
  remove(entry: Entry<T>): void {
    const { rank, party: innermost, place: own } = entry;
    if (!innermost || !own) return;
    innermost.order[rank]?.remove(own);
    for (let party: Party<T> | undefined = innermost; party; party = party.parent) {
      party.waiting -= 1;
      party.waitingIn[rank] = (party.waitingIn[rank] ?? 0) - 1;
      const place = party.places[rank];
      if (place && party.waitingIn[rank] === 0) {
        party.parent?.order[rank]?.remove(place);
        party.places[rank] = undefined;
      }
      party.parent?.file(party);
    }
    entry.party = undefined;
    entry.place = undefined;
  }

  private insert(entry: Entry<T>, rank: number): void {
    entry.rank = rank;
    let party = this.root;
    for (const key of entry.keys) {
      let next = party.parties.get(key);
      if (!next) party.parties.set(key, (next = new Party<T>(party, key, this.ranks)));
      next.places[rank] ??= party.order[rank]?.push(next);
      party = next;
    }
    entry.party = party;
    entry.place = party.order[rank]?.push(entry);
    for (let above: Party<T> | undefined = party; above; above = above.parent) {
      above.waiting += 1;
      above.waitingIn[rank] = (above.waitingIn[rank] ?? 0) + 1;
      above.parent?.file(above);
    }
  }

  private firstIn(rank: number): Entry<T> | undefined {
    let first = this.root.order[rank]?.first?.value;
    while (first instanceof Party) first = first.order[rank]?.first?.value;
    return first;
  }

  /** Moves the parties of an entry to the end of the order of turns. */
  private rotate({ party: innermost, rank }: Entry<T>): void {
    for (let party = innermost; party; party = party.parent) {
      const place = party.places[rank];
      if (place) party.parent?.order[rank]?.moveToEnd(place);
    }
  }

  private nextRank(): number | undefined {
    const { waitingIn } = this.root;
    const best = waitingIn.findIndex((waiting) => waiting > 0);
    if (best < 0) return undefined;
    return this.turnsOfBest < TURNS_PER_EXCEPTION - 1 ? best : (this.nextException(best) ?? best);
  }

  /** Returns the next rank that waits behind the best one, from the last exception towards the better ones. */
  private nextException(best: number): number | undefined {
    const { waitingIn } = this.root;
    for (let step = 1; step <= this.ranks; step += 1) {
      const rank = (this.lastException - step + 2 * this.ranks) % this.ranks;
      if (rank !== best && (waitingIn[rank] ?? 0) > 0) return rank;
    }
    return undefined;
  }

  private noteTurnOf(rank: number): void {
    const isBest = this.root.waitingIn.findIndex((waiting) => waiting > 0) === rank;
    if (!isBest) this.lastException = rank;
    this.turnsOfBest = isBest ? this.turnsOfBest + 1 : 0;
  }
}
