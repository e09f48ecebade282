/** Node's own key for how a value is inspected; the symbol alone, so that `node:util` is not loaded for it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const SHOWN = '<secret>';

/**
 * A text that may be sent and never shown: it prints, serialises and inspects as `<secret>`. Only the code that writes
 * it to the wire calls `reveal`.
 */
export class Secret {
  readonly #text: string;

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

  [INSPECT](): string {
    return SHOWN;
  }
}
