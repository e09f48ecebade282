import type { ToolContext } from '../tools/tool.ts';
import type { TruncationPolicy } from '../tools/truncate.ts';
import type { ThreadCore } from './core.ts';
import { toolMetadata } from './metadata.ts';
import { turnFacts } from './sample.ts';
import type { Turn } from './turn-state.ts';

/** What the tools of a turn may know of it, and how they are heard. */
export function toolContext(core: ThreadCore, turn: Turn): ToolContext {
  const { model, effort, cwd, approvalPolicy, sandboxPolicy } = turn.settings;
  return {
    threadId: core.facts.threadId,
    sessionId: core.facts.sessionId,
    turnId: turn.id,
    model,
    cwd,
    approvalPolicy,
    sandboxPolicy,
    isFeatureOn: core.config.isFeatureOn,
    turnMetadata: () =>
      toolMetadata(core.facts, turnFacts(core, turn), {
        slug: model.slug,
        effort: effort ?? model.defaultEffort,
        userWasAsked: turn.userWasAsked,
      }),
    emit(msg) {
      if (msg.type === 'request_user_input') turn.userWasAsked = true;
      // Past the turn's end as well: a process in the background may outlive it, and its end is told (trap 4).
      core.journal.emit(turn.id, msg);
    },
    tell: core.world.tell,
    signal: turn.signal,
  };
}

/** How much of a tool's output the conversation keeps: the configuration's word, or the model's. */
export const truncationFor = ({ config }: ThreadCore, { settings }: Turn): TruncationPolicy =>
  config.toolOutputTokenLimit === undefined
    ? settings.model.truncation
    : { mode: 'tokens', limit: config.toolOutputTokenLimit };
