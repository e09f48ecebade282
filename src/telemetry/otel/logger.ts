import type * as Api from '@opentelemetry/api';
import type { OtelLogger } from './pipeline.ts';

/** Writes records with the span that they name, whatever span is active. Their body stays empty (spec/observability.md 4.3). */
export function createOtelLogger(
  logger: Api.Logger,
  { ROOT_CONTEXT, SeverityNumber, trace }: typeof Api,
): OtelLogger {
  return {
    emit: ({ eventName, timestampMs, severity, attributes, span }) =>
      logger.emit({
        ...(eventName !== undefined && { eventName }),
        timestamp: new Date(timestampMs),
        severityNumber: SeverityNumber[severity],
        severityText: severity,
        attributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            typeof value === 'object' ? [...value] : value,
          ]),
        ),
        context: span ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT,
      }),
  };
}
