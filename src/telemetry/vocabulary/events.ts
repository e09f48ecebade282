import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { Redactor } from '../../redact/redactor.ts';
import type { OtelLogger } from '../otel/pipeline.ts';
import { EVENTS, eventName } from './codex-events.ts';
import type { EventKey, EventShape, EventValues, FieldType, FieldTypes, FieldValue } from './codex-events.ts';
import type { OpenSpan } from './spans.ts';
import { safeText } from './words.ts';

/** Whom an event is about. */
export interface Subject {
  /** Of every event. */
  readonly common: Readonly<Record<string, string>>;
  /** Of log records alone. */
  readonly personal: Readonly<Record<string, string>>;
}

export interface Events {
  emit<Key extends EventKey>(key: Key, about: EventPlace, values: EventValues<Key>): void;
}

export interface EventPlace {
  readonly subject: Subject;
  readonly atMs: number;
  /** The innermost span that it belongs to; without one it is a log record alone. */
  readonly at: OpenSpan | undefined;
}

export interface EventsOptions {
  readonly logger: OtelLogger | undefined;
  readonly redactor: Pick<Redactor, 'text'>;
}

type Values = Readonly<Record<string, FieldValue | (() => FieldValue)>>;

/**
 * Writes events as the table says: what is personal or content into log records, lengths and counts into events of spans,
 * everything else into both (spec/observability.md 4.3).
 */
export function createEvents({ logger, redactor }: EventsOptions): Events {
  const attributesOf = (types: FieldTypes, values: Values): Attributes => {
    const attributes: Attributes = {};
    for (const name of Object.keys(types)) {
      const given = values[name];
      const value = typeof given === 'function' ? given() : given;
      const type = types[name];
      if (value !== undefined && type !== undefined) attributes[name] = written(type, value, redactor);
    }
    return attributes;
  };

  return {
    emit(key, { subject, atMs, at }, values) {
      const shape: EventShape = EVENTS[key];
      const span = shape.trace && at?.span.isRecording() === true ? at.span : undefined;
      const log = shape.log && logger;
      if (!span && !log) return;
      const name = eventName(key);
      const both: Attributes = {
        'event.name': name,
        ...attributesOf(shape.fields, values),
        'event.timestamp': new Date(atMs).toISOString(),
        ...subject.common,
      };
      span?.addEvent(name, { ...both, ...attributesOf(shape.trace ?? {}, values) }, new Date(atMs));
      const context = at?.span.spanContext();
      log?.emit({
        eventName: name,
        timestampMs: atMs,
        severity: 'INFO',
        attributes: {
          ...both,
          ...attributesOf(shape.log ?? {}, values),
          ...subject.personal,
        } as LogAttributes,
        ...(context && context.traceId !== NO_TRACE && { span: context }),
      });
    },
  };
}

type LogAttributes = Parameters<OtelLogger['emit']>[0]['attributes'];

const NO_TRACE = '0'.repeat(32);

function written(
  type: FieldType,
  value: string | number | boolean,
  redactor: Pick<Redactor, 'text'>,
): AttributeValue {
  switch (type) {
    case 'string':
      return typeof value === 'number' ? String(Math.round(value)) : String(value);
    case 'text':
      return safeText(redactor, String(value)).text;
    case 'int':
      return Math.round(Number(value));
    case 'double':
      return Number(value);
    case 'bool':
      return value === true;
  }
}
