/** Node's own key for how a value is inspected; the symbol alone, so that `node:util` is not loaded for it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** The program is made of several bundles, each with a class of its own: what one makes, the others have to know. */
const IS_SECRET = Symbol.for('stethos.secret');

const SHOWN = '<secret>';

/**
 * A text that may be sent and never shown: it prints, serialises and inspects as `<secret>`. Only the code that writes
 * it to the wire calls `reveal`.
 */
export class Secret {
  readonly #text: string;

  /** What `instanceof` asks. */
  static [Symbol.hasInstance](value: unknown): value is Secret {
    return typeof value === 'object' && value !== null && IS_SECRET in value;
  }

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  get [IS_SECRET](): true {
    return true;
  }

  [INSPECT](): string {
    return SHOWN;
  }
}
