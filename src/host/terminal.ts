import { fstatSync } from 'node:fs';

/** The terminal that this process talks to. */
export interface Terminal {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Of the first output that is a terminal; undefined when none is, or when it does not know. */
  size(): TerminalSize | undefined;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const [STDIN, STDOUT, STDERR] = [0, 1, 2];

/** What is no character device is no terminal, which fstat says without loading Node's network and stream modules. */
function isTerminal(descriptor: number): boolean {
  try {
    return (
      fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor)
    );
  } catch {
    return false;
  }
}

/** Asked by number: touching `process.stdout` builds a stream, which a run without a terminal need not pay for. */
export const systemTerminal: Terminal = {
  get stdin() {
    return isTerminal(STDIN);
  },
  get stdout() {
    return isTerminal(STDOUT);
  },
  get stderr() {
    return isTerminal(STDERR);
  },
  size() {
    const stream = this.stdout ? process.stdout : this.stderr ? process.stderr : undefined;
    const { columns, rows } = stream ?? {};
    return columns && rows ? { columns, rows } : undefined;
  },
};

export interface ColorChoice {
  readonly enabled: boolean;
  /** What decided: an option, a variable with its value, or whether standard output is a terminal. */
  readonly reason: string;
}

interface ColorInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
  /** `--no-color` was given. */
  readonly noColor: boolean;
}

/**
 * Whether output is coloured, and why: the option, then `FORCE_COLOR`, then `NO_COLOR` (no-color.org: any value but the
 * empty one), then `TERM=dumb`, then whether standard output is a terminal. Node.js ranks the two variables alike.
 */
export function chooseColor({ env, stdoutIsTerminal, noColor }: ColorInputs): ColorChoice {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (noColor) return { enabled: false, reason: '--no-color' };
  if (FORCE_COLOR)
    return { enabled: FORCE_COLOR !== '0' && FORCE_COLOR !== 'false', reason: `FORCE_COLOR=${FORCE_COLOR}` };
  if (NO_COLOR) return { enabled: false, reason: 'NO_COLOR' };
  if (TERM === 'dumb') return { enabled: false, reason: 'TERM=dumb' };
  return stdoutIsTerminal
    ? { enabled: true, reason: 'stdout is a terminal' }
    : { enabled: false, reason: 'stdout is not a terminal' };
}
