import type { JsonObject } from '../../host/json.ts';
import type { ThreadStarted } from '../../telemetry/facts/thread.ts';
import type { RecordedThread } from './recording.ts';

/**
 * `session_metadata` of a thread. A child's parent is the thread whose path its own path stands below. What identifies an
 * account is left out.
 */
export function threadMetadata(
  fact: ThreadStarted,
  threads: ReadonlyMap<string, RecordedThread>,
): JsonObject {
  const { agentPath } = fact;
  const above = agentPath.slice(0, agentPath.lastIndexOf('/'));
  const parent = [...threads].find(([, thread]) => thread.agentPath === above)?.[0];
  const name = agentPath.slice(above.length + 1);
  return {
    thread_id: fact.threadId,
    agent_path: agentPath,
    task_name: parent === undefined ? null : name,
    nickname: null,
    agent_role: null,
    session_source:
      parent === undefined
        ? fact.source
        : {
            subagent: { thread_spawn: { parent_thread_id: parent, depth: agentPath.split('/').length - 2 } },
          },
    forked_from_id: fact.forkedFrom ?? null,
    cwd: fact.cwd,
    model: fact.model,
    provider_name: fact.provider.id,
    approval_policy: fact.approvalPolicy,
    sandbox_policy: fact.sandboxPolicy,
  };
}
