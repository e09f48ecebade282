import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { files } from '../host/files.ts';
import { makeFolder } from '../host/make-folder.ts';
import { once } from '../host/once.ts';
import type { Network } from '../net/network.ts';
import { createLogger } from '../store/logs/create-logger.ts';
import type { ProcessLogger } from '../store/logs/create-logger.ts';
import { openLogStore } from '../store/logs/store.ts';
import { openStateStore } from '../store/state/store.ts';
import type { StateStore } from '../store/state/store.ts';
import type { StoreWatch } from '../store/watch.ts';
import type { Environment } from '../target/home.ts';
import type { ConfigOverrides } from '../target/config/load.ts';
import type { Target } from '../target/target.ts';
import type { Examination } from './agent.ts';
import type { AgentConfig } from './config/config.ts';
import { loadAgentConfig } from './config/load.ts';
import type { EntryPoint } from './config/policies.ts';
import { describeProblem } from './config/problem-warnings.ts';
import { openTarget } from './open-target.ts';
import { AgentStartError } from './start-error.ts';
import { loadRules } from './policy/rules/load.ts';
import { NO_RULES } from './policy/rules/rule-set.ts';
import { createRuleStore } from './policy/rules/store.ts';
import type { RuleStore } from './policy/rules/store.ts';

export interface HomeOptions {
  readonly home: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly overrides: ConfigOverrides;
  readonly entryPoint: EntryPoint;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onWarning: (message: string) => void;
  /** Rules about commands are not read. */
  readonly ignoresRules: boolean;
  /** Keys that nobody knows keep the agent from starting. */
  readonly isStrict: boolean;
  readonly examination: Examination | undefined;
}

/** What stands in a home, read once and shared by all threads. */
export interface OpenHome {
  readonly target: Target;
  readonly network: Network;
  readonly config: AgentConfig;
  readonly rules: RuleStore;
  readonly installationId: () => string;
  /**
   * Databases, made at the first call: a thread that leaves nothing behind does not ask.
   * @param watch of the first call: hears of them from then on
   */
  readonly stores: (watch?: StoreWatch) => Promise<HomeStores>;
  /** What was logged so far is written, or counted as lost. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface HomeStores {
  readonly state: StateStore;
  readonly logger: ProcessLogger;
}

/** What stands in it is the user's own. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const INSTALLATION_ID = 'installation_id';

/** @throws AgentStartError for a configuration that the agent does not start on */
export function openHome(options: HomeOptions): OpenHome {
  const { cwd, env, clock, newId, onWarning, entryPoint, overrides, examination } = options;
  const profile = examination?.profile ?? 'stethos';
  const { target, network } = openTarget({ profile, home: options.home, env, cwd, overrides });
  const loaded = loadAgentConfig(target, { entryPoint, files });
  if (loaded.kind === 'faulty') throw new AgentStartError(loaded.problems.map(describeProblem).join('\n'));
  if (options.isStrict) refuseUnknownKeys(target);
  const config = examination ? examinedConfig(loaded.config, examination) : loaded.config;
  const rules = createRuleStore({
    rules: options.ignoresRules ? NO_RULES : rulesOf(target, options),
    home: config.home,
  });

  let opened: Promise<HomeStores> | undefined;
  const openStores = async (watch: StoreWatch | undefined): Promise<HomeStores> => {
    const { sqliteHome } = config;
    for (const folder of [config.home, sqliteHome]) makeFolder(folder, FOLDER_MODE);
    const [state, store] = await Promise.all([
      openStateStore({ sqliteHome, home: config.home, clock, onWarning, watch }),
      openLogStore({ sqliteHome, clock, onWarning, watch }),
    ]);
    return {
      state,
      logger: createLogger({ store, clock, processId: process.pid, processUuid: newId(), watch }),
    };
  };
  return {
    target,
    network,
    config,
    rules,
    stores: (watch) => (opened ??= openStores(watch)),
    flush: async () => (await opened?.catch(() => undefined))?.logger.flush(),
    installationId: once(() => installationIdOf(config.home, newId)),
    async close() {
      await network.close();
      if (!opened) return;
      const { state, logger } = await opened;
      await logger.close();
      state.close();
    },
  };
}

function examinedConfig(config: AgentConfig, { folder }: Examination): AgentConfig {
  return {
    ...config,
    home: folder,
    sqliteHome: folder,
    cwd: folder,
    approvalPolicy: 'never',
    sandboxPolicy: { type: 'read-only' },
    isFeatureOn: (name) => name !== 'shell_tool' && config.isFeatureOn(name),
  };
}

function refuseUnknownKeys(target: Target): void {
  const unknown = target.config().problems.filter(({ kind }) => kind === 'unknown_key');
  if (unknown.length > 0) throw new AgentStartError(unknown.map(describeProblem).join('\n'));
}

const NETWORK_RULES_REST =
  'Rules about the network (`network_rule`) are read and not enforced: commands in the sandbox have the whole network where ' +
  '`sandbox_workspace_write.network_access` is on, and none otherwise.';

/** Somebody who is there reads of bad rules and goes on without any; nobody there: nothing starts. */
function rulesOf(
  target: Target,
  { entryPoint, onWarning }: HomeOptions,
): Parameters<typeof createRuleStore>[0]['rules'] {
  const { rules, faults } = loadRules(target.config().folders, files);
  const words = faults.map(({ path, line, message }) => `${path}${line ? `:${line}` : ''}: ${message}`);
  if (entryPoint === 'exec' && words.length > 0) throw new AgentStartError(words.join('\n'));
  for (const message of words) onWarning(message);
  if (rules.networks.length > 0) onWarning(NETWORK_RULES_REST);
  return rules;
}

/** Stays the same for as long as the home does; a home that cannot be written gets a new one each time. */
function installationIdOf(home: string, newId: () => string): string {
  const path = join(home, INSTALLATION_ID);
  const known = (): string | undefined => {
    const read = files.readText(path);
    return read.kind === 'read' && read.text.trim() !== '' ? read.text.trim() : undefined;
  };
  const id = newId();
  try {
    writeFileSync(path, id, { flag: 'wx', mode: FILE_MODE });
    return id;
  } catch {
    return known() ?? id;
  }
}
