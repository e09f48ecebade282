import { formatBytes } from '../host/units.ts';
import { systemTerminal } from '../host/terminal.ts';
import { decodeInput } from './decode-input.ts';

/** Standard input, for commands that read it to its end. */
export interface StandardInput {
  readonly isTerminal: boolean;
  /** Everything, or undefined when it is more than `maxBytes`. A stream that fails has ended. */
  read(maxBytes: number): Promise<Uint8Array | undefined>;
}

export type InputRead =
  | { readonly kind: 'text'; readonly text: string }
  /** One sentence, with what to do. */
  | { readonly kind: 'problem'; readonly message: string };

/** A pipe that stays silent this long is told of, since the run looks as if it hung. */
const NOTICE_AFTER_MS = 1_000;

/** That of this process. */
export const systemInput: StandardInput = {
  get isTerminal() {
    return systemTerminal.stdin;
  },
  read: (maxBytes) => readAll(process.stdin, maxBytes),
};

/** Reads text to the end of standard input. `what` it is goes into notices and problems, such as `the prompt`. */
export async function readInput(
  input: StandardInput,
  { what, maxBytes, notice }: ReadOptions,
): Promise<InputRead> {
  const timer = setTimeout(() => notice(`reading ${what} from standard input …`), NOTICE_AFTER_MS);
  const bytes = await input.read(maxBytes).finally(() => clearTimeout(timer));
  if (!bytes) return problem(`Standard input is larger than ${formatBytes(maxBytes)}: too much for ${what}.`);
  const decoded = decodeInput(bytes);
  return decoded.kind === 'text'
    ? decoded
    : problem(`Standard input is ${decoded.encoding}. Convert it to UTF-8 first, with iconv for example.`);
}

export interface ReadOptions {
  readonly what: string;
  readonly maxBytes: number;
  /** Told once, when standard input keeps the run waiting. */
  readonly notice: (text: string) => void;
}

/** Notices go where they do not mix with what a command prints. */
export const noticeOnError = (text: string): void => void process.stderr.write(`stethos: ${text}\n`);

/** Everything, or undefined when it is more than `maxBytes`. A stream that fails has ended. */
export async function readAll(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > maxBytes) return undefined;
      chunks.push(bytes);
    }
  } catch {
    // A closed standard input (EAGAIN, EIO) says no more than one that ended.
  }
  return Buffer.concat(chunks);
}

const problem = (message: string): InputRead => ({ kind: 'problem', message });
