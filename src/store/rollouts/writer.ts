import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import type { RolloutLine, SessionMeta } from './line.ts';

/**
 * Appends lines to one rollout file. A promise resolves when the bytes are with the kernel: killing this process loses
 * none of them from then on. They are not forced to the disk, so a power failure may take the last seconds along; forcing
 * every line would cost more than a turn's whole work.
 */
export interface RolloutWriter {
  readonly path: string;
  /**
   * Appends in order of the calls; lines that wait together are written at once. Rejects with the error of the file
   * system. The unwritten rest is kept then and goes first when anything is written again.
   */
  append(lines: readonly RolloutLine[]): Promise<void>;
  /** Everything appended is written, also what an earlier failure left over. A file without lines is not created. */
  flush(): Promise<void>;
  /** Flushes and closes. Whatever the outcome, the file is let go. */
  close(): Promise<void>;
}

/** Where the writer begins. */
export type RolloutStart =
  /** The file is created with the first line, and begins with this record. */
  | { readonly kind: 'new'; readonly meta: SessionMeta }
  /** The file exists. A last line without its end gets one, so that what follows can be read. */
  | { readonly kind: 'resumed'; readonly nextOrdinal: number | undefined };

export interface RolloutWriterOptions {
  readonly path: string;
  readonly start: RolloutStart;
  readonly clock: Clock;
  /** How the file is opened for appending; injected, so that a test can let the disk refuse. */
  readonly openFile?: (path: string) => Promise<AppendFile>;
}

/** The little of a file handle that is needed. */
export type AppendFile = Pick<FileHandle, 'stat' | 'read' | 'write' | 'close'>;

const NEWLINE = 0x0a;

/** One chain of writes for one file. The caller sees to it that no second writer exists (`writer-claim.ts`). */
export function createRolloutWriter({
  path,
  start,
  clock,
  openFile = openForAppending,
}: RolloutWriterOptions): RolloutWriter {
  let ordinal = start.kind === 'resumed' ? start.nextOrdinal : undefined;
  let hasMeta = start.kind === 'resumed';
  let isMended = start.kind === 'new';
  let file: AppendFile | undefined;
  /** Encoded and waiting for its turn. */
  let pending: Buffer[] = [];
  /** Taken from there and not yet written; begins in the middle of a line after a write that was cut short. */
  let rest: Buffer = Buffer.alloc(0);
  let chain: Promise<void> = Promise.resolve();
  let drainAhead: Promise<void> | undefined;

  const encode = (line: RolloutLine): Buffer => {
    const timestamp = new Date(clock.now()).toISOString();
    const numbered = ordinal === undefined ? {} : { ordinal };
    if (ordinal !== undefined) ordinal += 1;
    return Buffer.from(`${JSON.stringify({ timestamp, ...numbered, ...line })}\n`);
  };
  const opened = async (): Promise<AppendFile> => {
    file ??= await openFile(path);
    if (!isMended) {
      if (await hasOpenLine(file)) rest = Buffer.concat([Buffer.from([NEWLINE]), rest]);
      isMended = true;
    }
    return file;
  };
  const writeRest = async (): Promise<void> => {
    const target = await opened();
    while (rest.length > 0) {
      const { bytesWritten } = await target.write(rest);
      if (bytesWritten === 0) throw new Error('the file takes no more bytes');
      rest = rest.subarray(bytesWritten);
    }
  };
  const letGo = async (): Promise<void> => {
    const held = file;
    file = undefined;
    await held?.close().catch(() => undefined);
  };
  /** Reopens and tries once more: the folder may have been moved, or room been made. */
  const write = async (): Promise<void> => {
    drainAhead = undefined;
    rest = Buffer.concat([rest, ...pending]);
    pending = [];
    if (rest.length === 0) return;
    try {
      await writeRest();
    } catch {
      await letGo();
      await writeRest();
    }
  };
  const drain = (): Promise<void> => {
    if (drainAhead) return drainAhead;
    const drained = chain.then(write);
    drainAhead = drained;
    chain = drained.catch(() => undefined);
    return drained;
  };
  return {
    path,
    append(lines) {
      if (lines.length === 0) return drain();
      if (!hasMeta && start.kind === 'new') {
        if (start.meta.history_mode === 'paginated') ordinal = 0;
        pending.push(encode({ type: 'session_meta', payload: start.meta }));
        hasMeta = true;
      }
      for (const line of lines) pending.push(encode(line));
      return drain();
    },
    flush: drain,
    async close() {
      try {
        await drain();
      } finally {
        await letGo();
      }
    },
  };
}

async function openForAppending(path: string): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  return open(path, 'a+');
}

async function hasOpenLine(file: AppendFile): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] !== NEWLINE;
}
