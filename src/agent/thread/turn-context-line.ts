import { summaryFor } from './settings.ts';
import type { TurnRun } from './sample.ts';

/** What a turn runs with, for whoever resumes the thread or reads its file (spec/agent-core.md 8.2). */
export async function noteTurnContext({ core, turn }: Pick<TurnRun, 'core' | 'turn'>): Promise<void> {
  const { settings } = turn;
  await core.journal.note(turn.id, {
    type: 'turn_context',
    payload: {
      turn_id: turn.id,
      cwd: settings.cwd,
      approval_policy: settings.approvalPolicy,
      sandbox_policy: settings.sandboxPolicy,
      model: settings.model.slug,
      ...(settings.effort !== undefined && { effort: settings.effort }),
      summary: summaryFor(core.config, settings.model),
    },
  });
}
