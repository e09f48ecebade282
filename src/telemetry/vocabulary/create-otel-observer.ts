import type { Context } from '@opentelemetry/api';
import type { Redactor } from '../../redact/redactor.ts';
import { createAuthFacts } from '../auth-facts.ts';
import type { ThreadStarted } from '../facts/thread.ts';
import type { AgentObserver, TraceContext } from '../observer.ts';
import type { OtelPipeline } from '../otel/pipeline.ts';
import type { OtelSettings } from '../otel/settings.ts';
import { createEvents } from './events.ts';
import { createMeasurements } from './measurements.ts';
import type { Tags } from './measurements.ts';
import { innermost } from './speaker.ts';
import type { Speaker, ThreadTold, TurnTold } from './speaker.ts';
import { createSpans } from './spans.ts';
import { tellLoneAttempt } from './tell-request.ts';
import { tellFact } from './tell-fact.ts';
import { isStoreFact, tellStore } from './tell-store.ts';
import type { ThreadlessFact } from './tell-store.ts';
import type { Parents } from './tell-thread.ts';
import { contextOfEnvironment, headersOf, remoteSpan } from './trace-context.ts';
import { mergeTracestate } from './tracestate.ts';
import { rememberingRedactor, tagValue } from './words.ts';

export interface OtelObserverOptions {
  readonly settings: Pick<OtelSettings, 'tracestate' | 'logUserPrompt' | 'capturesContent'>;
  /** Every text of people, models, tools and servers passes it. */
  readonly redactor: Pick<Redactor, 'text'>;
  /** Who reports, the same for all threads. */
  readonly program: ProgramFacts;
  /** `TRACEPARENT` and `TRACESTATE` of the process; read once. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What happens without a trace of its own stands below the span that is active then, in the program around us. */
  readonly joinsActiveSpan?: boolean;
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

/** As long as a user waits for a program to end without wondering. */
const FLUSH_TIMEOUT_MS = 5000;
const NO_THREAD = undefined;
/** Those that `codex.process.start` counts by name. */
const KNOWN_ORIGINATORS: ReadonlySet<string> = new Set([
  'stethos',
  'stethos_exec',
  'codex_exec',
  'codex_cli_rs',
  'codex_vscode',
  'codex-tui',
]);

/**
 * Tells what happens in an agent through OpenTelemetry: spans, log records and metrics, in the vocabulary of
 * spec/observability.md 4 and the GenAI conventions. Loads the OpenTelemetry API; ask for it only where a pipeline is open.
 * The pipeline stays the caller's: `flush` ends open spans and flushes it, nobody but the caller shuts it down.
 */
export async function createOtelObserver(
  pipeline: OtelPipeline,
  options: OtelObserverOptions,
): Promise<AgentObserver> {
  const api = await import('@opentelemetry/api');
  const { settings, program, environment, flushTimeoutMs = FLUSH_TIMEOUT_MS } = options;
  const redactor = rememberingRedactor(options.redactor);
  const warn = warnOnce(options.warn);
  const measurements = createMeasurements({ api, meter: pipeline.meter, warn });
  const speaker: Speaker = {
    api,
    events: createEvents({ logger: pipeline.logger, redactor }),
    measurements,
    redactor,
    capturesContent: settings.capturesContent,
    logUserPrompt: settings.logUserPrompt,
    agentName: program.originator,
  };
  // Without traces a caller's context is passed on all the same.
  const tracer = pipeline.tracer ?? new api.ProxyTracerProvider().getTracer('none');
  const { tracestate: configured } = settings;
  const parents: Parents = {
    environment: contextOfEnvironment(api, environment, warn),
    caller: (trace) => callersContext(trace),
  };
  const threads = new Map<string, ThreadTold>();
  const originator = KNOWN_ORIGINATORS.has(program.originator) ? program.originator : 'other';
  measurements.count('codex.process.start', { originator });
  const nobody = identityOf(NO_THREAD, { program, redactor });
  let lastFactMs = 0;

  function callersContext(trace: TraceContext | undefined): Context | 'invalid' | undefined {
    if (!trace) return options.joinsActiveSpan ? activeContext() : undefined;
    const tracestate = mergeTracestate(trace.tracestate, configured);
    const span = remoteSpan(api, {
      traceparent: trace.traceparent,
      ...(tracestate !== undefined && { tracestate }),
    });
    if (span) return api.trace.setSpanContext(api.ROOT_CONTEXT, span);
    warn('The trace context of a submission is no W3C trace context and is ignored.');
    return 'invalid';
  }

  const activeContext = (): Context | undefined => {
    const span = api.trace.getActiveSpan();
    return span && api.trace.setSpan(api.ROOT_CONTEXT, span);
  };

  const startThread = (facts: ThreadStarted): ThreadTold => {
    const thread: ThreadTold = {
      facts,
      auth: createAuthFacts(facts.authEnvironment),
      spans: createSpans({ api, tracer, warn }),
      turns: new Map(),
      dispatched: new Map(),
      calls: new Map(),
      inferences: new Map(),
      mcpCalls: new Map(),
      ...identityOf(facts, { program, redactor }),
      isCompacted: false,
      toolResults: 0,
    };
    threads.set(facts.threadId, thread);
    return thread;
  };

  const startTurn = (
    thread: ThreadTold,
    { turnId, model }: { readonly turnId: string; readonly model: string },
  ): void => {
    const turn: TurnTold = {
      id: turnId,
      model,
      ...identityOf(thread.facts, { program, redactor, model }),
      samplingId: undefined,
      inferences: 0,
    };
    thread.turns.set(turnId, turn);
  };

  /** Made with the credential of everybody: it is the latest attempt of each thread. */
  const hearLoneAttempt = (fact: Parameters<typeof tellLoneAttempt>[2]): void => {
    tellLoneAttempt(speaker, nobody, fact);
    for (const { auth } of threads.values()) auth.attempt(fact.facts);
  };

  const hearThreadless = (fact: ThreadlessFact): void => {
    if (isStoreFact(fact)) tellStore({ measurements, originator }, fact);
    else if (fact.type === 'attempt') hearLoneAttempt(fact);
  };

  return {
    observe(fact) {
      lastFactMs = fact.atMs;
      if (fact.threadId === undefined) return hearThreadless(fact);
      const thread = fact.type === 'thread_started' ? startThread(fact) : threads.get(fact.threadId);
      if (!thread) return;
      if (fact.type === 'turn_started') startTurn(thread, fact);
      tellFact(speaker, thread, fact, parents);
      if (fact.type === 'thread_ended') threads.delete(fact.threadId);
    },
    traceContext(scope) {
      const thread = threads.get(scope.threadId);
      const context = thread && innermost(thread, scope)?.span.spanContext();
      return context && api.isSpanContextValid(context) ? headersOf(context, configured) : undefined;
    },
    async flush() {
      for (const { spans } of threads.values()) spans.endAll(lastFactMs);
      await pipeline.flush({ timeoutMs: flushTimeoutMs });
    },
  };
}

/** Who speaks, in events and in metrics; what metrics cannot spell is spelt with `_`. */
function identityOf(
  facts: ThreadStarted | undefined,
  {
    program,
    redactor,
    model: given = facts?.model,
  }: Pick<OtelObserverOptions, 'program' | 'redactor'> & { readonly model?: string },
): Pick<ThreadTold, 'subject' | 'tags'> {
  const { threadId, source, authMode, account } = facts ?? {};
  const model = given === undefined ? undefined : redactor.text(given);
  const tags: Tags = {
    ...(authMode !== undefined && { auth_mode: authMode }),
    ...(source !== undefined && { session_source: source }),
    originator: program.originator,
    ...(program.serviceName !== undefined && { service_name: program.serviceName }),
    ...(model !== undefined && { model }),
    'app.version': program.version,
  };
  return {
    subject: {
      common: {
        ...(threadId !== undefined && { 'conversation.id': threadId }),
        'app.version': program.version,
        ...(authMode !== undefined && { auth_mode: authMode }),
        originator: program.originator,
        'terminal.type': program.terminalType,
        ...(model !== undefined && { model, slug: model }),
      },
      personal: {
        ...(account?.id !== undefined && { 'user.account_id': account.id }),
        ...(account?.email !== undefined && { 'user.email': account.email }),
      },
    },
    tags: Object.fromEntries(
      Object.entries(tags)
        .filter(([, value]) => value !== '')
        .map(([key, value]) => [key, tagValue(value)]),
    ),
  };
}

/** More different things than that a user does not read. */
const MAX_WARNINGS = 100;

function warnOnce(warn: OtelObserverOptions['warn']): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= MAX_WARNINGS) return;
    said.add(message);
    warn?.(message);
  };
}
