import type { ThreadStarted } from '../../telemetry/facts/thread.ts';
import type { AgentEvent } from '../protocol/event.ts';
import { asJson } from '../listening/tell.ts';
import type { Tell, ThreadWideFact } from '../listening/tell.ts';
import { limitsFor } from './core.ts';
import type { ThreadCore } from './core.ts';
import { LIVE_ONLY } from './journal.ts';
import { summaryFor } from './settings.ts';
import type { TurnSettings } from './settings.ts';

/** What a thread does not know of itself. */
export type ThreadOrigin = Pick<
  ThreadStarted,
  | 'beganAtMs'
  | 'how'
  | 'source'
  | 'isGit'
  | 'isWorktree'
  | 'provider'
  | 'authMode'
  | 'account'
  | 'authEnvironment'
  | 'mcpServers'
>;

const ROOT_PATH = '/root';

/** A thread as it begins. */
export function startFact(
  core: ThreadCore,
  settings: TurnSettings,
  origin: ThreadOrigin = unknownOrigin(core),
): ThreadWideFact {
  const { facts, config } = core;
  const { model, approvalPolicy, sandboxPolicy } = settings;
  const effort = settings.effort ?? model.defaultEffort;
  const { window, autoCompact } = limitsFor(core, model);
  return {
    type: 'thread_started',
    sessionId: facts.sessionId,
    ...(facts.forkedFrom !== undefined && { forkedFrom: facts.forkedFrom }),
    agentPath: ROOT_PATH,
    cwd: settings.cwd,
    model: model.slug,
    ...(effort !== undefined && { effort }),
    summary: summaryFor(config, model),
    ...(window !== undefined && { contextWindow: window }),
    ...(autoCompact !== undefined && { autoCompactTokenLimit: autoCompact }),
    approvalPolicy: typeof approvalPolicy === 'string' ? approvalPolicy : 'granular',
    sandboxPolicy: sandboxPolicy.type,
    ...origin,
  };
}

/** Tells events as clients get them; those that come by the thousand are summed elsewhere. */
export function createEventTeller(tell: Tell): (event: AgentEvent) => void {
  // Not every submission is a turn.
  const turns = new Set<string>();
  return ({ id, msg }) => {
    if (LIVE_ONLY.has(msg.type)) return;
    if (msg.type === 'task_started') turns.add(id);
    tell({
      type: 'protocol_event',
      ...(turns.has(id) && { turnId: id }),
      name: msg.type,
      event: () => asJson(msg),
    });
  };
}

const unknownOrigin = ({ provider }: ThreadCore): ThreadOrigin => ({
  how: 'started',
  source: 'unknown',
  isGit: false,
  isWorktree: false,
  provider: { id: provider.id, name: provider.name },
  authEnvironment: {
    openaiApiKeyPresent: false,
    codexApiKeyPresent: false,
    codexApiKeyEnabled: false,
    providerKeyName: undefined,
    providerKeyPresent: undefined,
    refreshTokenUrlOverridePresent: false,
  },
  mcpServers: [],
});
