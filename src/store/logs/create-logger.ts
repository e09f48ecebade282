import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../host/clock.ts';
import type { LogFields, Logger, LogLevel } from './logger.ts';
import { createRow, createSpan } from './row.ts';
import type { LogRow, LogSpan } from './row.ts';
import type { LogStore } from './store.ts';
import type { StoreWatch } from '../watch.ts';

/** The root logger of a process. */
export interface ProcessLogger extends Logger {
  /** Rows that are in no database and never will be, by reason. */
  dropped(): { readonly queueFull: number; readonly insertFailed: number };
  /** Flushes, and stops the timer. What is logged afterwards is dropped. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  readonly store: LogStore;
  readonly clock: Clock;
  readonly processId: number;
  /** UUID v4, new for each process. */
  readonly processUuid: string;
  /** Which part of the program speaks. */
  readonly target?: string;
  /** Milliseconds after which a started batch is written; for tests. */
  readonly flushEveryMs?: number;
  readonly watch?: StoreWatch | undefined;
}

/** Measured with codex 0.169: so many rows are written at once, or what there is every ten seconds. */
const BATCH_ROWS = 512;
const FLUSH_EVERY_MS = 10_000;
/** While the database is in use by another process rows wait; then new ones are dropped. */
const MAX_WAITING_ROWS = 8 * BATCH_ROWS;
/** How often, and how far apart, an explicit flush tries again; the database waits for its lock each time as well. */
const FLUSH_TRIES = 4;
const FLUSH_PAUSE_MS = 100;

/** A logger whose rows reach the database in batches, without ever making a caller wait. */
export function createLogger({
  store,
  clock,
  processId,
  processUuid,
  target = 'stethos_core',
  flushEveryMs = FLUSH_EVERY_MS,
  watch,
}: LoggerOptions): ProcessLogger {
  const uuid = `pid:${processId}:${processUuid}`;
  let waiting: LogRow[] = [];
  let queueFull = 0;
  /** How many of those were told. */
  let queueFullTold = 0;
  let insertFailed = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;

  const tellDropped = (): void => {
    if (queueFull > queueFullTold) watch?.hear({ type: 'logs_dropped', count: queueFull - queueFullTold });
    queueFullTold = queueFull;
  };
  const write = (): void => {
    tellDropped();
    clearTimeout(timer);
    clearImmediate(soon);
    timer = undefined;
    soon = undefined;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      const result = store.insert(batch);
      if (result.kind === 'failed' && result.isPassing) return startTimer();
      if (result.kind === 'failed') insertFailed += batch.length;
      waiting = waiting.slice(BATCH_ROWS);
    }
  };
  const startTimer = (): void => {
    if (isClosed || timer) return;
    timer = setTimeout(write, flushEveryMs);
    // A process that is done does not stay for its log; it flushes at its end.
    timer.unref();
  };
  const enqueue = (row: LogRow): void => {
    if (isClosed || waiting.length >= MAX_WAITING_ROWS) {
      queueFull += 1;
      return;
    }
    waiting.push(row);
    // Not here: whoever logs must not wait for a disk. At every further batch, not at every row of a long queue.
    if (waiting.length % BATCH_ROWS === 0) soon ??= setImmediate(write);
    else startTimer();
  };
  const flush = async (): Promise<void> => {
    write();
    for (let tries = 0; waiting.length > 0 && tries < FLUSH_TRIES; tries += 1) {
      await sleep(FLUSH_PAUSE_MS);
      write();
    }
    insertFailed += waiting.length;
    waiting = [];
  };
  const within = (spans: readonly LogSpan[], speaker: string): Logger => ({
    span: (name, fields) => within([...spans, createSpan(name, fields)], speaker),
    under: (other) => within(spans, other),
    log(level: LogLevel, message: string, fields?: LogFields) {
      const nowMs = clock.now();
      enqueue(createRow({ spans, level, target: speaker, message, fields, nowMs, processUuid: uuid }));
    },
    flush,
  });
  return {
    ...within([], target),
    dropped: () => ({ queueFull, insertFailed }),
    async close() {
      isClosed = true;
      await flush();
      clearTimeout(timer);
      store.close();
    },
  };
}
