import { v4, v7 } from 'uuid';
import { systemClock } from '../host/clock.ts';
import { files } from '../host/files.ts';
import { thisMachine } from '../host/machine.ts';
import type { SessionMeta } from '../store/rollouts/line.ts';
import { userDirectory } from '../target/home.ts';
import type { Agent, AgentOptions, StartOptions } from './agent.ts';
import { configuredModel } from './configured-model.ts';
import { listenersFor } from './listening/configured-listeners.ts';
import { createListeners } from './listening/listeners.ts';
import { createMcpConnect } from './mcp/connect.ts';
import { createThreadMaker } from './make-thread.ts';
import type { AgentParts, ThreadMaker } from './make-thread.ts';
import { openHome } from './open-home.ts';
import { createSandbox } from './policy/sandbox/create-sandbox.ts';
import type { IdSource } from './protocol/ids.ts';
import { BASE_INSTRUCTIONS } from './thread/instructions.ts';
import { createThreadManager } from './thread/manager.ts';
import { gitFacts, sessionGit } from './thread/git-facts.ts';
import { createWorkspaceLook } from './thread/workspaces.ts';
import { createImageLoader } from './tools/images/load.ts';
import { userShell } from './tools/terminal/shell.ts';

const systemIds: IdSource = { timeOrdered: () => v7(), random: () => v4() };

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
  // The model comes before the threads that it is for, and may be asked for its list before there is one.
  let maker: ThreadMaker | undefined;
  const { provider, createClient } =
    options.provider ??
    configuredModel(home, {
      client,
      entryPoint,
      clock,
      random: Math.random,
      observer: { attempt: (facts) => maker?.unclaimed.attempt(facts), recovery: () => undefined },
      renewsLogins: !examination,
      onWarning,
      signal: background.signal,
    });
  const images = createImageLoader();
  const account = userDirectory(env);
  // With the home's `.env`, as everything that the configuration starts gets it.
  const inherited = home.target.environment().values;
  const shell = userShell({ env: inherited, accountShell: undefined, files });
  const tools: AgentParts['tools'] = {
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

  maker = createThreadMaker({
    home,
    provider,
    createClient,
    tools,
    listeners,
    lookAtWorkspaces,
    entryPoint,
    clock,
    ids,
    onWarning,
  });
  const threads = createThreadManager<StartOptions>({
    home: home.config.home,
    ids,
    begin: maker.begin,
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
