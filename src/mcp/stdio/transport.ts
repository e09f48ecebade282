import type { ChildProcess } from 'node:child_process';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { systemClock } from '../../host/clock.ts';
import { errorCode } from '../../host/files.ts';
import { processes } from '../../host/processes.ts';
import type { McpLaunch } from '../../target/mcp/launch.ts';
import { LineReader, TextStart, TextTail } from './output.ts';
import { killStrays, MARK_VARIABLE } from './stray-processes.ts';

/** How the program ended, or why it never began. */
export type ServerEnd =
  | { readonly kind: 'exited'; readonly exitCode: number | undefined; readonly signal: string | undefined }
  | { readonly kind: 'spawn_failed'; readonly code: string }
  | { readonly kind: 'flooded'; readonly limitBytes: number };

type ParseLine = (line: string) => JSONRPCMessage;

/** The largest lists of tools have some hundred kilobytes. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** Whatever prints more beside the protocol does not stop printing. */
const MAX_STRAY_BYTES = 256 * 1024;
/** Four times as much as is shown, so that a secret that is cut in two was hidden before. */
const STDOUT_START_BYTES = 1024;
const STDERR_TAIL_BYTES = 8 * 1024;
/** A program told to end by the end of its input needs a moment; after that it is ended. */
const GRACE_MS = 300;
/** After the program ended, its last output is already in the pipe; a pipe still open then is held by a child of it. */
const DRAIN_MS = 100;
const MARK_BYTES = 12;

/** Servers that still run; they are in process groups of their own, so a Ctrl-C at the terminal does not reach them. */
const running = new Set<ServerTransport>();
let watching = false;

/**
 * MCP over the pipes of a program that we start. The SDK's own transport hides what a diagnosis is made of: it skips
 * lines that are no JSON without a word, does not tell how the program ended, gives it six seconds to go and leaves its
 * children behind.
 */
export class ServerTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];

  readonly #launch: McpLaunch;
  readonly #parse: ParseLine;
  readonly #maxStrayBytes: number;
  readonly #mark = process.getBuiltinModule('node:crypto').randomBytes(MARK_BYTES).toString('hex');
  readonly #stdoutStart = new TextStart(STDOUT_START_BYTES);
  readonly #strayStart = new TextStart(STDOUT_START_BYTES);
  readonly #stderrTail = new TextTail(STDERR_TAIL_BYTES);
  readonly #lines = new LineReader(MAX_LINE_BYTES);
  readonly #gone = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #startTicks: number | undefined;
  #startedAt = 0;
  #strayBytes = 0;
  #end: ServerEnd | undefined;
  #isClosed = false;

  /**
   * @param parse the SDK's, which takes a line of JSON-RPC and throws for any other
   * @param maxStrayBytes a server that is used for hours may talk beside the protocol for as long as it likes
   */
  constructor(launch: McpLaunch, parse: ParseLine, { maxStrayBytes = MAX_STRAY_BYTES } = {}) {
    this.#launch = launch;
    this.#parse = parse;
    this.#maxStrayBytes = maxStrayBytes;
  }

  /** What the program printed first, whatever it was. */
  get stdoutStart(): string {
    return this.#stdoutStart.text;
  }

  /** The beginning of what it printed on stdout that is no JSON-RPC; empty when it kept to the protocol. */
  get strayOutput(): string {
    return this.#strayStart.text;
  }

  get stderrTail(): string {
    return this.#stderrTail.text;
  }

  /** Undefined as long as it runs, and when it ended only because we told it to. */
  get end(): ServerEnd | undefined {
    return this.#end;
  }

  get elapsedMs(): number {
    return systemClock.elapsed() - this.#startedAt;
  }

  start(): Promise<void> {
    const { path, args, cwd, environment } = this.#launch;
    // At first use, and not by import(): in a bundle that would start Node's whole loader of ES modules.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const windows = process.platform === 'win32';
    this.#startedAt = systemClock.elapsed();
    let child: ChildProcess;
    try {
      // A session of its own: no controlling terminal to ask for a password on, and one group to kill.
      child = spawn(path, args, {
        cwd,
        env: { ...environment, [MARK_VARIABLE]: this.#mark },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: !windows,
        windowsHide: true,
      });
    } catch (error) {
      this.#end = { kind: 'spawn_failed', code: errorCode(error) };
      this.#gone.resolve();
      return Promise.reject(new Error('the server could not be started'));
    }
    this.#child = child;
    if (child.pid !== undefined) this.#startTicks = processes.inspect(child.pid).startTicks;
    watchForExit(this);
    this.#listen(child);
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', () => reject(new Error('the server could not be started')));
    });
  }

  #listen(child: ChildProcess): void {
    child.once('error', (error) => {
      this.#end ??= { kind: 'spawn_failed', code: errorCode(error) };
      this.#finish();
    });
    child.once('exit', (code, signal) => {
      if (!this.#isClosed)
        this.#end ??= { kind: 'exited', exitCode: code ?? undefined, signal: signal ?? undefined };
      // Behind what already waits to be read: where this thread was busy, the timer would go before it.
      setTimeout(() => setImmediate(() => this.#finish()), DRAIN_MS);
    });
    child.once('close', () => this.#finish());
    // A pipe that breaks is no news: how the program ended is.
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('error', () => undefined);
    child.stderr?.on('error', () => undefined);
    child.stderr?.on('data', (chunk: Buffer) => this.#stderrTail.add(chunk));
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  #read(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.#stdoutStart.add(chunk);
    const lines = this.#lines.add(chunk);
    for (const line of lines ?? []) this.#take(line);
    if (lines === undefined) this.#stopFlood(MAX_LINE_BYTES);
    else if (this.#strayBytes > this.#maxStrayBytes) this.#stopFlood(this.#maxStrayBytes);
  }

  #stopFlood(limitBytes: number): void {
    this.#end ??= { kind: 'flooded', limitBytes };
    this.kill();
  }

  #take(line: Buffer): void {
    const text = line.toString('utf8');
    if (text.trim() === '') return;
    const message = this.#messageIn(text);
    if (message) return this.onmessage?.(message);
    this.#strayBytes += line.length;
    this.#strayStart.add(Buffer.from(`${text}\n`));
  }

  #messageIn(text: string): JSONRPCMessage | undefined {
    // Refusing a line by parsing it takes long, and a flood has many.
    if (!text.trimStart().startsWith('{')) return undefined;
    try {
      return this.#parse(text);
    } catch {
      return undefined;
    }
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#child?.stdin?.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  /** Ends the program by the end of its input, then by force, and everything that it left behind. */
  async close(): Promise<void> {
    if (this.#isClosed) return this.#gone.promise;
    this.#isClosed = true;
    this.#child?.stdin?.end();
    if (this.#end === undefined) await within(GRACE_MS, this.#gone.promise);
    this.kill();
  }

  /** At once, and everything that it started. */
  kill(): void {
    this.#isClosed = true;
    const child = this.#child;
    if (child?.pid !== undefined) killGroup(child);
    killStrays(this.#mark, this.#startTicks);
    child?.stdin?.destroy();
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    child?.unref();
    this.#finish();
  }

  #finish(): void {
    running.delete(this);
    this.#gone.resolve();
    const { onclose } = this;
    delete this.onclose;
    onclose?.();
  }
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

function killGroup(child: ChildProcess): void {
  try {
    // Windows has no groups; there the program alone is ended, and its pipes are let go by the caller.
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function watchForExit(transport: ServerTransport): void {
  if (!watching) process.once('exit', () => running.forEach((server) => server.kill()));
  watching = true;
  running.add(transport);
}
