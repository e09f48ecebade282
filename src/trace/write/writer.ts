import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import { errorCode } from '../../host/files.ts';
import { makeFolder } from '../../host/make-folder.ts';
import { BUNDLE, MAX_PAYLOAD_BYTES } from '../event/bundle-files.ts';
import { SCHEMA_VERSION } from '../event/event.ts';
import type { EventPayload, RawEvent } from '../event/event.ts';
import type { PayloadKind, PayloadReference } from '../event/payload.ts';
import { chunksOf } from './utf8-chunks.ts';

export interface TraceWriterOptions {
  /** Folder of all bundles; made if it is missing. */
  readonly root: string;
  readonly traceId: string;
  readonly rootThreadId: string;
  readonly clock: Clock;
  /** Recording has stopped, for a reason in few words such as `ENOSPC`. Called once. */
  readonly onStopped: (reason: string) => void;
  readonly limits?: Partial<TraceLimits>;
}

export interface TraceLimits {
  readonly payloadBytes: number;
  readonly bundleBytes: number;
}

/** Each request holds its whole conversation again, so that a day's work comes to some GiB. */
const MAX_BUNDLE_BYTES = 8 * 1024 * 1024 * 1024;

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What an event belongs to. */
export interface EventScope {
  readonly threadId?: string | undefined;
  readonly turnId?: string | undefined;
}

/**
 * Writes a bundle (spec/observability.md 5). Whatever fails stops the recording and nothing else: what was written stays a
 * trace that can be read, without its end.
 */
export interface TraceWriter {
  readonly bundle: string;
  /** The file is whole before its event can name it. Undefined once recording has stopped. */
  payload(kind: PayloadKind, value: unknown): PayloadReference | undefined;
  event(payload: EventPayload, scope?: EventScope): void;
  readonly stopped: boolean;
  close(): void;
}

/**
 * Writes at once, without a queue: an event is in the file when the call returns, so that neither a crash nor a kill loses
 * what was told. One event costs some tens of microseconds, a request of one MiB a few milliseconds, most of it JSON.
 */
export function createTraceWriter(options: TraceWriterOptions): TraceWriter {
  const { root, traceId, rootThreadId, clock } = options;
  const limits: TraceLimits = {
    payloadBytes: MAX_PAYLOAD_BYTES,
    bundleBytes: MAX_BUNDLE_BYTES,
    ...options.limits,
  };
  const bundle = join(root, `trace-${traceId}-${rootThreadId}`);
  const startedAtMs = clock.now();
  let log: number | undefined;
  let logBytes = 0;
  let bundleBytes = 0;
  let seq = 0;
  let payloads = 0;
  let stopped = false;

  const stop = (reason: string): void => {
    if (stopped) return;
    stopped = true;
    close();
    options.onStopped(reason);
  };
  const close = (): void => {
    if (log === undefined) return;
    try {
      closeSync(log);
    } catch {
      // Every event was written; there is nobody to whom a late error could matter.
    }
    log = undefined;
  };
  const attempt = <Value>(work: () => Value): Value | undefined => {
    if (stopped) return undefined;
    try {
      return work();
    } catch (error) {
      stop(error instanceof LimitReached ? error.message : reasonOf(error));
      return undefined;
    }
  };
  const count = (bytes: number): void => {
    bundleBytes += bytes;
    if (bundleBytes > limits.bundleBytes) throw new LimitReached(`${limits.bundleBytes} bytes were written`);
  };
  const writeFile = (path: string, value: unknown): void => {
    const text = JSON.stringify(value, undefined, INDENT) ?? 'null';
    if (text.length > limits.payloadBytes) throw new LimitReached(`a payload has ${text.length} characters`);
    const descriptor = openSync(path, 'wx', FILE_MODE);
    try {
      for (const chunk of chunksOf(text)) count(writeWhole(descriptor, chunk));
    } finally {
      closeSync(descriptor);
    }
  };

  attempt(() => {
    makeFolder(root, FOLDER_MODE);
    mkdirSync(bundle, { mode: FOLDER_MODE });
    mkdirSync(join(bundle, BUNDLE.payloads), { mode: FOLDER_MODE });
    writeFile(join(bundle, BUNDLE.manifest), {
      schema_version: SCHEMA_VERSION,
      trace_id: traceId,
      rollout_id: rootThreadId,
      root_thread_id: rootThreadId,
      started_at_unix_ms: startedAtMs,
      raw_event_log: BUNDLE.eventLog,
      payloads_dir: BUNDLE.payloads,
    });
    log = openSync(join(bundle, BUNDLE.eventLog), 'ax', FILE_MODE);
  });

  return {
    bundle,
    payload: (kind, value) =>
      attempt(() => {
        // Numbered before it is written: what fails leaves a gap here, and none among the events (trap 25).
        payloads += 1;
        const path = `${BUNDLE.payloads}/${payloads}.json`;
        writeFile(join(bundle, path), value);
        return { raw_payload_id: `raw_payload:${payloads}`, kind: { type: kind }, path };
      }),
    event: (payload, { threadId, turnId } = {}) => {
      attempt(() => {
        if (log === undefined) return;
        const event: RawEvent = {
          schema_version: SCHEMA_VERSION,
          seq: seq + 1,
          wall_time_unix_ms: clock.now(),
          rollout_id: rootThreadId,
          thread_id: threadId ?? null,
          codex_turn_id: turnId ?? null,
          payload,
        };
        const line = Buffer.from(`${JSON.stringify(event)}\n`);
        count(line.length);
        try {
          writeWhole(log, line);
        } catch (error) {
          // A full disk may have taken half of the line.
          ftruncateSync(log, logBytes);
          throw error;
        }
        logBytes += line.length;
        seq += 1;
      });
    },
    get stopped() {
      return stopped;
    },
    close,
  };
}

const INDENT = 2;

class LimitReached extends Error {}

const reasonOf = (error: unknown): string => {
  const code = errorCode(error);
  return code === 'UNKNOWN' && error instanceof Error ? error.message : code;
};

function writeWhole(descriptor: number, bytes: Uint8Array): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  return written;
}
