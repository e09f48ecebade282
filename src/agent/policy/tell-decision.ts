import type { ToolFact } from '../../telemetry/facts/tool.ts';
import type { ToolContext } from '../tools/tool.ts';

type Decided = Pick<Extract<ToolFact, { readonly type: 'tool_decision' }>, 'decision' | 'source'>;

/** Tells who let a tool run, or did not. */
export function tellDecision(
  { tell, calling, turnId }: ToolContext,
  callId: string,
  { decision, source }: Decided,
): void {
  if (!tell || !calling) return;
  const { name: tool, namespace } = calling;
  tell({
    type: 'tool_decision',
    turnId,
    callId,
    tool,
    ...(namespace !== undefined && { namespace }),
    decision,
    source,
  });
}

/** What the configuration decides without asking anybody. */
export const tellVerdict = (context: ToolContext, callId: string, kind: 'run' | 'refuse'): void =>
  tellDecision(context, callId, { decision: kind === 'run' ? 'approved' : 'denied', source: 'Config' });
