/** The place of a value in a {@link LinkedList}. */
export interface Link<T> {
  readonly value: T;
  before: Link<T> | undefined;
  after: Link<T> | undefined;
}

/** A doubly linked list. Adding and removing take the same time, however long it is. */
export class LinkedList<T> {
  first: Link<T> | undefined;
  last: Link<T> | undefined;

  /** Adds a value at the end. */
  push(value: T): Link<T> {
    const link: Link<T> = { value, before: undefined, after: undefined };
    this.append(link);
    return link;
  }

  /** Removes a value of this list. */
  remove({ before, after }: Link<T>): void {
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
  }

  /** Moves a value of this list to its end. */
  moveToEnd(link: Link<T>): void {
    if (link === this.last) return;
    this.remove(link);
    this.append(link);
  }

  private append(link: Link<T>): void {
    link.before = this.last;
    link.after = undefined;
    if (this.last) this.last.after = link;
    else this.first = link;
    this.last = link;
  }
}
