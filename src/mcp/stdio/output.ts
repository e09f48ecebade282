/** The first bytes of a stream. */
export class TextStart {
  readonly #maxBytes: number;
  #bytes = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get text(): string {
    return this.#bytes.toString('utf8');
  }

  add(chunk: Buffer): void {
    const space = this.#maxBytes - this.#bytes.length;
    if (space > 0) this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, space)]);
  }
}

/** The last bytes of a stream. */
export class TextTail {
  readonly #maxBytes: number;
  #bytes = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get text(): string {
    return this.#bytes.toString('utf8');
  }

  add(chunk: Buffer): void {
    // A copy: a slice of the chunk would keep the whole of it.
    this.#bytes = Buffer.from(Buffer.concat([this.#bytes, chunk]).subarray(-this.#maxBytes));
  }
}

const LINE_FEED = 0x0a;

/** Cuts a stream into lines, and holds no more of an unfinished one than it is allowed. */
export class LineReader {
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Lines that the chunk completes, without their ends; undefined when one is too long. */
  add(chunk: Buffer): readonly Buffer[] | undefined {
    const lines: Buffer[] = [];
    let start = 0;
    for (
      let end = chunk.indexOf(LINE_FEED);
      end !== -1;
      start = end + 1, end = chunk.indexOf(LINE_FEED, start)
    ) {
      lines.push(Buffer.concat([...this.#pending, chunk.subarray(start, end)]));
      this.#pending = [];
      this.#pendingBytes = 0;
    }
    const rest = chunk.subarray(start);
    if (rest.length > 0) this.#pending.push(rest);
    this.#pendingBytes += rest.length;
    return this.#pendingBytes > this.#maxLineBytes ? undefined : lines;
  }
}
