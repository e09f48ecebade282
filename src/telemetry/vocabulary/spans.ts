import type { Attributes, Context, Span, SpanKind, Tracer } from '@opentelemetry/api';
import { timeOf } from '../otel/time.ts';
import type { OtelApi } from './trace-context.ts';

/** A span, and the context that its children start in, also after its end. */
export interface OpenSpan {
  readonly span: Span;
  readonly context: Context;
}

export interface SpanStart {
  readonly parent: Context;
  readonly atMs: number;
  /** Default: internal. */
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

export interface SpanEnd {
  readonly atMs: number;
  readonly attributes?: Attributes;
  /** A value of `error.type`; absent when nothing went wrong. */
  readonly error?: string | undefined;
}

/** Open spans of one thread by key. */
export interface Spans {
  /** What was open under that key ends. */
  open(key: string, name: string, start: SpanStart): OpenSpan;
  find(key: string): OpenSpan | undefined;
  end(key: string, end: SpanEnd): void;
  /** A span that is over already. */
  record(name: string, start: SpanStart, end: SpanEnd): void;
  /** Ends what is open, the youngest first, and says of it that it did not end by itself. */
  endAll(atMs: number, options?: { readonly except: readonly string[] }): void;
}

/** Far more than a thread does at one time; what is not told to end must not grow for ever. */
const MAX_OPEN = 2048;

export interface SpanMaker {
  readonly api: OtelApi;
  readonly tracer: Tracer;
  readonly warn: (message: string) => void;
}

export function createSpans({ api, tracer, warn }: SpanMaker): Spans {
  const open = new Map<string, OpenSpan>();

  const start = (name: string, { parent, atMs, kind, attributes }: SpanStart): OpenSpan => {
    const span = tracer.startSpan(
      name,
      {
        startTime: timeOf(atMs),
        ...(attributes && { attributes }),
        ...(kind !== undefined && { kind }),
      },
      parent,
    );
    return { span, context: api.trace.setSpan(parent, span) };
  };

  const finish = ({ span }: OpenSpan, { atMs, attributes, error }: SpanEnd): void => {
    if (attributes) span.setAttributes(attributes);
    if (error !== undefined) {
      span.setAttribute('error.type', error);
      span.setStatus({ code: api.SpanStatusCode.ERROR });
    }
    span.end(timeOf(atMs));
  };

  const end: Spans['end'] = (key, how) => {
    const found = open.get(key);
    if (!found) return;
    open.delete(key);
    finish(found, how);
  };

  return {
    open(key, name, options) {
      end(key, options);
      if (open.size >= MAX_OPEN) {
        const [oldest] = open.keys();
        warn('More spans are open than a thread should have; the oldest are ended.');
        if (oldest !== undefined) end(oldest, { atMs: options.atMs, attributes: UNFINISHED });
      }
      const opened = start(name, options);
      open.set(key, opened);
      return opened;
    },
    find: (key) => open.get(key),
    end,
    record: (name, options, how) => finish(start(name, options), how),
    endAll(atMs, { except } = { except: [] }) {
      for (const key of [...open.keys()].toReversed())
        if (!except.includes(key)) end(key, { atMs, attributes: UNFINISHED });
    },
  };
}

const UNFINISHED: Attributes = { 'stethos.unfinished': true };
