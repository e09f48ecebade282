import type { AgentConfig } from '../config/config.ts';
import type { ModelClient } from '../model/client.ts';
import type { ModelProvider } from '../provider/provider.ts';
import { createClientRequests } from './client-requests.ts';
import type { ClientRequests } from './client-requests.ts';
import { limitsFor, modelRequest } from './core.ts';
import type { ThreadCore, World } from './core.ts';
import { createEventHub } from './events.ts';
import { createHistory } from './history.ts';
import { createJournal } from './journal.ts';
import { requestMetadata } from './metadata.ts';
import type { ThreadFacts } from './metadata.ts';
import type { Recorder } from './recorder.ts';
import type { RestoredHistory } from './recording/history-from.ts';
import { createSession } from './session.ts';
import { initialSettings } from './settings.ts';
import type { AgentThread } from './thread.ts';
import type { ThreadTools } from './thread-tools.ts';
import type { EventMsg } from '../protocol/event.ts';
import { createUsageLedger } from './usage-ledger.ts';
import { createEventTeller, startFact } from './thread-facts.ts';
import type { ThreadOrigin } from './thread-facts.ts';
import { startWarmUp } from './warm-up.ts';

export interface ThreadOptions {
  readonly facts: Omit<ThreadFacts, 'windowGeneration'>;
  readonly config: AgentConfig;
  /** Of the configuration, or the provider's own. */
  readonly modelSlug: string;
  readonly provider: ModelProvider;
  readonly model: ModelClient;
  readonly recorder: Recorder;
  /** Of a thread that is resumed or forked. */
  readonly restored?: RestoredHistory | undefined;
  readonly world: World;
  readonly makeTools: (seams: ToolSeams) => ThreadTools;
  /** For whoever listens to facts, and asked for only then. */
  readonly describe?: () => ThreadOrigin;
  readonly onListenerError: (error: unknown) => void;
  readonly onClosed: () => void;
}

/** What tools that live as long as the thread need of it. */
export interface ToolSeams {
  readonly requests: ClientRequests;
  /** For events that belong to no turn, such as the start of MCP servers. */
  readonly emit: (msg: EventMsg) => void;
}

/** Puts a thread together and warms its connection up. */
export function createThread(options: ThreadOptions): AgentThread {
  const { config, provider, model, recorder, restored, world } = options;
  const memory: ThreadCore['memory'] = { context: undefined, model: undefined, windowGeneration: 0 };
  const facts: ThreadFacts = { ...options.facts, windowGeneration: () => memory.windowGeneration };
  const tellEvent = world.tell && createEventTeller(world.tell);
  const hub = createEventHub(options.onListenerError, (event) => {
    world.onEvent(event);
    tellEvent?.(event);
  });
  const history = createHistory(restored?.items ?? [], world.measureImage);
  const usage = createUsageLedger(history, usageBefore(restored));
  const journal = createJournal({ history, recorder, hub, tell: world.tell });
  const requests = createClientRequests((id, msg) => journal.emit(id, msg));
  const settings = initialSettings(config, provider.modelInfo(options.modelSlug));
  const afterStart: (() => void)[] = [];
  let isStarted = false;
  const emit = (msg: EventMsg): void => {
    // `session_configured` is the first event of every thread.
    if (isStarted) journal.emit('', msg);
    else afterStart.push(() => journal.emit('', msg));
  };
  const tools = options.makeTools({ requests, emit });

  const core: ThreadCore = {
    facts,
    config,
    provider,
    model,
    history,
    usage,
    journal,
    memory,
    world,
    tools: (fitting) => tools.registry(fitting),
    warmUp: startWarmUp({
      limitMs: provider.limits.websocketConnectTimeoutMs,
      wait: world.wait,
      clock: world.clock,
      tell: world.tell,
      after: tools.registry(settings.model),
      begin: ({ specs }, signal) => {
        const metadata = requestMetadata(facts, {
          kind: 'prewarm',
          sandbox: world.sandboxName(settings.sandboxPolicy),
        });
        // Empty input: the first turn sends all of its own against the warm response.
        const request = modelRequest(core, { settings, input: [], tools: specs, metadata });
        return model.prewarm(request, signal);
      },
    }),
  };
  world.tell?.(startFact(core, settings, options.describe?.()));
  const thread = createSession({
    core,
    settings,
    tools,
    requests,
    recorder,
    hub,
    onClosed: options.onClosed,
  });
  isStarted = true;
  for (const tell of afterStart) tell();
  // Past the journal: the file says so already.
  if (restored) hub.emit({ id: '', msg: usage.tokenCount(limitsFor(core, settings.model).window) });
  return thread;
}

function usageBefore(restored: RestoredHistory | undefined): Parameters<typeof createUsageLedger>[1] {
  const known = restored?.tokenUsage;
  return known && { total: known.total_token_usage, last: known.last_token_usage };
}
