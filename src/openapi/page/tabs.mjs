// @ts-check

/** How long other tabs have to reply, in milliseconds. */
const REPLY_TIME = 150;

/**
 * Shares one value among the tabs of the page at one address. The newest value counts. The tab keeps it in
 * `sessionStorage`, so that it survives a reload and ends with the tab; a new tab gets it from those that are open.
 *
 * @template {object} T
 */
export class SharedValue {
  /** @type {BroadcastChannel | undefined} */
  #channel;
  /** @type {{ value: T | null, changedAt: number }} */
  #current = { value: null, changedAt: 0 };
  #name;
  #isValue;
  #onChange;

  /**
   * @param {string} name
   * @param {(value: unknown) => value is T} isValue
   * @param {(value: T | null, previous: T | null) => void} onChange is called when another tab has changed the value
   */
  constructor(name, isValue, onChange) {
    this.#name = name;
    this.#isValue = isValue;
    this.#onChange = onChange;
    this.#current = this.#stored() ?? this.#current;
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => {
      if (data?.ask === true) {
        if (this.#current.changedAt > 0) this.#channel?.postMessage(this.#current);
      } else if (this.#isKept(data) && data.changedAt > this.#current.changedAt) {
        const previous = this.#current.value;
        this.#keep(data);
        this.#onChange(data.value, previous);
      }
    };
  }

  /** The value; null: none. */
  get value() {
    return this.#current.value;
  }

  /**
   * Sets the value, here and in the other tabs.
   *
   * @param {T | null} value
   */
  set(value) {
    this.#keep({ value, changedAt: Math.max(Date.now(), this.#current.changedAt + 1) });
    this.#channel?.postMessage(this.#current);
  }

  /** Asks the other tabs for a newer value. This tab may have slept, or may have been restored from the disk. */
  async ask() {
    if (!this.#channel) return;
    this.#channel.postMessage({ ask: true });
    await new Promise((done) => setTimeout(done, REPLY_TIME));
  }

  /** @param {{ value: T | null, changedAt: number }} current */
  #keep(current) {
    this.#current = current;
    try {
      if (current.value === null) sessionStorage.removeItem(this.#name);
      else sessionStorage.setItem(this.#name, JSON.stringify(current));
    } catch {
      // The browser forbids storage: the value ends with the page.
    }
  }

  /**
   * @param {any} data
   * @returns {data is { value: T | null, changedAt: number }}
   */
  #isKept(data) {
    return Number.isSafeInteger(data?.changedAt) && (data.value === null || this.#isValue(data.value));
  }

  #stored() {
    try {
      const stored = JSON.parse(sessionStorage.getItem(this.#name) ?? 'null');
      return this.#isKept(stored) ? stored : null;
    } catch {
      return null;
    }
  }
}
