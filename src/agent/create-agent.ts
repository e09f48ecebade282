import { v4, v7 } from 'uuid';
import { systemClock } from '../host/clock.ts';
import { files } from '../host/files.ts';
import { thisMachine } from '../host/machine.ts';
import { bare } from '../store/logs/logger.ts';
import type { Logger } from '../store/logs/logger.ts';
import type { SessionMeta } from '../store/rollouts/line.ts';
import { userDirectory } from '../target/home.ts';
import { createAuthFacts } from '../telemetry/auth-facts.ts';
import { observeAll } from '../telemetry/observe-all.ts';
import type { Agent, AgentOptions, StartOptions } from './agent.ts';
import { assembleTools } from './assemble-tools.ts';
import type { AssembledTools } from './assemble-tools.ts';
import { changedFeatures } from './config/features.ts';
import { configuredModel } from './configured-model.ts';
import { listenersFor } from './listening/configured-listeners.ts';
import { createListeners } from './listening/listeners.ts';
import { modelLog } from './logging/model-log.ts';
import { createMcpConnect } from './mcp/connect.ts';
import { modelFacts } from './model/model-facts.ts';
import type { ModelObserver } from './model/observer.ts';
import { openHome } from './open-home.ts';
import { createSandbox } from './policy/sandbox/create-sandbox.ts';
import { sessionId } from './protocol/ids.ts';
import type { IdSource } from './protocol/ids.ts';
import { createThread } from './thread/create-thread.ts';
import { BASE_INSTRUCTIONS } from './thread/instructions.ts';
import { createThreadManager } from './thread/manager.ts';
import type { BegunThread, ThreadStart } from './thread/manager.ts';
import { createEphemeralRecorder, createRecorder } from './thread/recording/create-recorder.ts';
import { gitFacts, sessionGit } from './thread/git-facts.ts';
import type { AgentThread } from './thread/thread.ts';
import { createWorkspaceLook } from './thread/workspaces.ts';
import { AgentStartError } from './start-error.ts';
import { createStartWatch, moment } from './listening/start-watch.ts';
import type { StartWatch } from './listening/start-watch.ts';
import { storeFacts } from './listening/store-facts.ts';
import { configOf, dynamicToolsOf, modelSlugOf } from './thread-start.ts';
import { authEnvironmentOf, authModeOf, threadOrigin } from './thread-origin.ts';
import { threadWorld } from './thread-world.ts';
import { tellerOf } from './listening/tell.ts';
import { createImageLoader } from './tools/images/load.ts';
import { userShell } from './tools/terminal/shell.ts';

const systemIds: IdSource = { timeOrdered: () => v7(), random: () => v4() };
const nobodyListens: ModelObserver = { attempt: () => undefined, recovery: () => undefined };

/**
 * Reads the configuration of a home now, and connects to nobody before a thread starts.
 * @throws AgentStartError for a configuration that the agent does not start on
 */
export function createAgent(options: AgentOptions = {}): Agent {
  const {
    env = process.env,
    cwd = process.cwd(),
    overrides = { set: [], enable: [], disable: [] },
    entryPoint = 'interactive',
    client = { name: 'stethos', version: '0' },
    examination,
    clock = systemClock,
    ids = systemIds,
    onWarning = () => undefined,
  } = options;
  const newId = (): string => ids.random();
  const home = openHome({
    home: options.home,
    env,
    cwd,
    overrides,
    entryPoint,
    ignoresRules: options.ignoresRules ?? false,
    isStrict: options.isStrict ?? false,
    examination,
    clock,
    newId,
    onWarning,
  });
  const background = new AbortController();
  /** Hears of requests that no thread asked for, from the first thread on. */
  let unclaimed: ModelObserver = nobodyListens;
  const { provider, createClient } =
    options.provider ??
    configuredModel(home, {
      client,
      entryPoint,
      clock,
      random: Math.random,
      observer: { ...nobodyListens, attempt: (facts) => unclaimed.attempt(facts) },
      renewsLogins: !examination,
      onWarning,
      signal: background.signal,
    });
  const images = createImageLoader();
  const account = userDirectory(env);
  // With the home's `.env`, as everything that the configuration starts gets it.
  const inherited = home.target.environment().values;
  const shell = userShell({ env: inherited, accountShell: undefined, files });
  const shared = {
    capabilities: provider.capabilities,
    rules: home.rules,
    sandbox: createSandbox({ searchPath: inherited['PATH'], cwd, userDirectory: account }),
    images,
    env: inherited,
    clock,
    random: Math.random,
    newId,
    shell,
    mcpServers: examination ? [] : home.target.mcp().servers.filter(({ enabled }) => enabled),
    connectMcp: createMcpConnect({
      target: home.target,
      network: home.network,
      files,
      client,
      nowMs: () => clock.now(),
    }),
  };

  const lookAtWorkspaces = createWorkspaceLook({
    env: inherited,
    cwd,
    userDirectory: account,
    files,
    uid: thisMachine.uid,
    exec: !examination,
  });

  const authFacts = createAuthFacts(authEnvironmentOf(home.target, entryPoint));
  const listeners = createListeners({
    observer: options.observer,
    makers: listenersFor(examination ? 'off' : (options.telemetry ?? 'configured')),
    place: {
      target: home.target,
      network: home.network,
      env: inherited,
      cwd,
      entryPoint,
      client,
      clock,
      ids,
      onWarning,
    },
  });

  const begin = async (start: ThreadStart, extra: StartOptions): Promise<BegunThread> => {
    const began = moment(clock);
    const { threadId, forkedFrom, restored } = start;
    const config = configOf(home.config, start, extra);
    const dynamicTools = await dynamicToolsOf(start, extra);
    const observers = await listeners.all();
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
      const next = observer ? modelFacts(observer, { ...ofThread, clock, newId }) : nobodyListens;
      return wide ? modelLog(wide, { authFacts, next }) : next;
    };
    const listening = observer && { observer, newId, nowMs: () => clock.now() };
    if (unclaimed === nobodyListens) unclaimed = hear(stores?.logger);
    const ownIds = { threadId, sessionId: sessionId(threadId) };
    let tools: AssembledTools | undefined;
    const thread = createThread({
      facts: { ...ownIds, forkedFrom, threadSource: 'user' },
      config,
      modelSlug: config.model ?? modelSlugOf(start, provider.id),
      provider,
      model: createClient({ ...ownIds, observer: hear(logger, threadId) }),
      recorder,
      restored,
      world: threadWorld({
        clock,
        ids,
        shell,
        images,
        logger,
        threadTags: () => ({
          authMode: authModeOf(home.target, entryPoint),
          features: changedFeatures(config.isFeatureOn),
        }),
        tell,
        sandbox: shared.sandbox,
        lookAtWorkspaces,
        folder: { home: config.home, threadId },
      }),
      makeTools: (seams) => {
        const toolsMade = watch?.step('mcp_manager_init');
        tools = assembleTools({ ...shared, config, dynamicTools, listening }, seams);
        toolsMade?.();
        return tools;
      },
      describe: () => ({
        beganAtMs: began.atMs,
        ...threadOrigin({
          target: home.target,
          provider,
          entryPoint,
          kind: start.recording.kind,
          cwd: config.cwd,
          mcpServers: shared.mcpServers.map(({ name }) => name),
        }),
      }),
      onListenerError,
      onClosed: start.onClosed,
    });
    // Nobody waits for servers that the thread can do without.
    const needsServers = shared.mcpServers.some(({ required }) => required);
    if (needsServers) return { thread, ready: refuseWithoutServers(thread, tools, watch) };
    watch?.end('ready');
    return { thread, ready: Promise.resolve() };
  };

  const threads = createThreadManager<StartOptions>({
    home: home.config.home,
    ids,
    begin,
    meta: ({ settings: { cwd: folder = home.config.cwd } = {}, dynamicTools }, parent) => ({
      timestamp: new Date(clock.now()).toISOString(),
      cwd: folder,
      originator: client.name,
      cli_version: client.version,
      source: entryPoint === 'exec' ? 'exec' : 'cli',
      thread_source: 'user',
      model_provider: provider.id,
      base_instructions: {
        text: home.config.baseInstructions ?? parent?.base_instructions?.text ?? BASE_INSTRUCTIONS,
      },
      ...toolsOf(dynamicTools ?? parent?.dynamic_tools),
      ...gitOf(folder),
    }),
  });
  return {
    config: home.config,
    startThread: (extra = {}) => threads.start(extra),
    resumeThread: (idOrName, extra = {}) => threads.resume(idOrName, extra),
    forkThread: (idOrName, { beforePrompt, ...extra } = {}) =>
      threads.fork(
        idOrName,
        beforePrompt === undefined ? { kind: 'end' } : { kind: 'before_prompt', index: beforePrompt },
        extra,
      ),
    listThreads: (listing) => threads.list(listing),
    async close() {
      await threads.close();
      background.abort();
      // Whoever listens hears of the last rows of the log as well.
      await home.flush();
      await listeners.close();
      await home.close();
    },
  };
}

const toolsOf = (dynamicTools: SessionMeta['dynamic_tools']): Pick<SessionMeta, 'dynamic_tools'> =>
  dynamicTools ? { dynamic_tools: dynamicTools } : {};

function gitOf(folder: string): Pick<SessionMeta, 'git'> {
  const facts = gitFacts(folder, files);
  const git = facts && sessionGit(facts);
  return git ? { git } : {};
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
