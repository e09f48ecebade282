import type { Clock } from '../host/clock.ts';
import { bare } from '../store/logs/logger.ts';
import type { Logger } from '../store/logs/logger.ts';
import { createAuthFacts } from '../telemetry/auth-facts.ts';
import { observeAll } from '../telemetry/observe-all.ts';
import type { StartOptions } from './agent.ts';
import type { AgentModel } from './agent-model.ts';
import { assembleTools } from './assemble-tools.ts';
import type { AssembledTools, ToolAssembly } from './assemble-tools.ts';
import { changedFeatures } from './config/features.ts';
import type { EntryPoint } from './config/policies.ts';
import type { Listeners } from './listening/listeners.ts';
import { createStartWatch, moment } from './listening/start-watch.ts';
import type { StartWatch } from './listening/start-watch.ts';
import { storeFacts } from './listening/store-facts.ts';
import { tellerOf } from './listening/tell.ts';
import { modelLog } from './logging/model-log.ts';
import { modelFacts } from './model/model-facts.ts';
import type { ModelObserver } from './model/observer.ts';
import type { OpenHome } from './open-home.ts';
import { sessionId } from './protocol/ids.ts';
import type { IdSource } from './protocol/ids.ts';
import { AgentStartError } from './start-error.ts';
import { createThread } from './thread/create-thread.ts';
import type { BegunThread, ThreadStart } from './thread/manager.ts';
import { createEphemeralRecorder, createRecorder } from './thread/recording/create-recorder.ts';
import type { AgentThread } from './thread/thread.ts';
import type { LookAtWorkspaces } from './thread/workspaces.ts';
import { authEnvironmentOf, authModeOf, threadOrigin } from './thread-origin.ts';
import { configOf, dynamicToolsOf, modelSlugOf } from './thread-start.ts';
import { threadWorld } from './thread-world.ts';

/** What all threads of an agent share. */
export interface AgentParts extends AgentModel {
  readonly home: OpenHome;
  readonly tools: Omit<ToolAssembly, 'config' | 'dynamicTools' | 'listening'>;
  readonly listeners: Listeners;
  readonly lookAtWorkspaces: LookAtWorkspaces;
  readonly entryPoint: EntryPoint;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly onWarning: (message: string) => void;
}

export interface ThreadMaker {
  readonly begin: (start: ThreadStart, extra: StartOptions) => Promise<BegunThread>;
  /** Hears of requests that no thread asked for, from the first thread on. */
  readonly unclaimed: ModelObserver;
}

const nobodyListens: ModelObserver = { attempt: () => undefined, recovery: () => undefined };

/** Makes threads of what an agent has: who listens, what is kept, which tools there are. */
export function createThreadMaker(parts: AgentParts): ThreadMaker {
  const { home, provider, tools, clock, ids, entryPoint, onWarning } = parts;
  const authFacts = createAuthFacts(authEnvironmentOf(home.target, entryPoint));
  let unclaimed = nobodyListens;

  const begin = async (start: ThreadStart, extra: StartOptions): Promise<BegunThread> => {
    const began = moment(clock);
    const { threadId, forkedFrom, restored } = start;
    const config = configOf(home.config, start, extra);
    const dynamicTools = await dynamicToolsOf(start, extra);
    const observers = await parts.listeners.all();
    let logger: Logger | undefined;
    const onListenerError = (error: unknown): void =>
      logger?.log('WARN', 'a listener threw', { 'error.message': String(error) });
    const observer = observeAll(observers, onListenerError);
    const tell = tellerOf(observer, { threadId, clock });
    const watch = tell && createStartWatch({ clock, tell, began });
    const storesOpened = watch?.step('state_db');
    const stores = extra.isEphemeral ? undefined : await home.stores(storeFacts(observers, clock));
    storesOpened?.();
    logger = stores?.logger.span('session', { thread_id: bare(threadId) });
    const recorderMade = watch?.step('thread_persistence');
    const recorder = stores
      ? await createRecorder({
          home: config.home,
          start: start.recording,
          clock,
          state: stores.state,
          onWarning,
          onSize: tell && ((bytes) => tell({ type: 'rollout_closed', bytes })),
        })
      : createEphemeralRecorder();
    recorderMade?.();
    const hear = (wide: Logger | undefined, thread?: string): ModelObserver => {
      const ofThread = thread === undefined ? {} : { threadId: thread };
      const next = observer
        ? modelFacts(observer, { ...ofThread, clock, newId: tools.newId })
        : nobodyListens;
      return wide ? modelLog(wide, { authFacts, next }) : next;
    };
    const listening = observer && { observer, newId: tools.newId, nowMs: () => clock.now() };
    if (unclaimed === nobodyListens) unclaimed = hear(stores?.logger);
    const ownIds = { threadId, sessionId: sessionId(threadId) };
    let assembled: AssembledTools | undefined;
    const thread = createThread({
      facts: { ...ownIds, forkedFrom, threadSource: 'user' },
      config,
      modelSlug: config.model ?? modelSlugOf(start, provider.id),
      provider,
      model: parts.createClient({ ...ownIds, observer: hear(logger, threadId) }),
      recorder,
      restored,
      world: threadWorld({
        clock,
        ids,
        shell: tools.shell,
        images: tools.images,
        logger,
        threadTags: () => ({
          authMode: authModeOf(home.target, entryPoint),
          features: changedFeatures(config.isFeatureOn),
        }),
        tell,
        sandbox: tools.sandbox,
        lookAtWorkspaces: parts.lookAtWorkspaces,
        folder: { home: config.home, threadId },
      }),
      makeTools: (seams) => {
        const toolsMade = watch?.step('mcp_manager_init');
        assembled = assembleTools({ ...tools, config, dynamicTools, listening }, seams);
        toolsMade?.();
        return assembled;
      },
      describe: () => ({
        beganAtMs: began.atMs,
        ...threadOrigin({
          target: home.target,
          provider,
          entryPoint,
          kind: start.recording.kind,
          cwd: config.cwd,
          mcpServers: tools.mcpServers.map(({ name }) => name),
        }),
      }),
      onListenerError,
      onClosed: start.onClosed,
    });
    // Nobody waits for servers that the thread can do without.
    const needsServers = tools.mcpServers.some(({ required }) => required);
    if (needsServers) return { thread, ready: refuseWithoutServers(thread, assembled, watch) };
    watch?.end('ready');
    return { thread, ready: Promise.resolve() };
  };

  return {
    begin,
    get unclaimed() {
      return unclaimed;
    },
  };
}

async function refuseWithoutServers(
  thread: AgentThread,
  tools: AssembledTools | undefined,
  watch: StartWatch | undefined,
): Promise<void> {
  const waited = watch?.step('required_mcp_wait');
  const missing = (await tools?.missingServers()) ?? [];
  waited?.();
  watch?.end(missing.length === 0 ? 'ready' : 'failed');
  if (missing.length === 0) return;
  await thread.shutdown();
  const words = missing.map(({ server, error }) => `${server}: ${error}`);
  throw new AgentStartError(`required MCP servers did not start: ${words.join('; ')}`);
}
