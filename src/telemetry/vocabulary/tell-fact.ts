import type { AgentFact } from '../facts/fact.ts';
import type { StoreFact } from '../facts/store.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import {
  tellInferenceEnded,
  tellInferenceStarted,
  tellSamplingEnded,
  tellSamplingStarted,
} from './tell-inference.ts';
import { tellMcpCallEnded, tellMcpCallStarted } from './tell-mcp.ts';
import {
  tellAttempt,
  tellFallback,
  tellRecovery,
  tellStreamDeltas,
  tellStreamEvent,
} from './tell-request.ts';
import { tellThreadSpawned, tellWarmedUp, tellWarmUpConsumed } from './tell-start.ts';
import { tellOperationStarted, tellThreadEnded, tellThreadStarted } from './tell-thread.ts';
import type { Parents } from './tell-thread.ts';
import { tellFirst, tellPrompt, tellTurnEnded, tellTurnStarted } from './tell-turn.ts';
import {
  tellSandboxOutcome,
  tellTerminal,
  tellToolDecision,
  tellToolEnded,
  tellToolStarted,
} from './tell-tool.ts';
import { SPANS } from './speaker.ts';

/** What each fact about a thread means to OpenTelemetry. */
export function tellFact(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Exclude<AgentFact, StoreFact>,
  parents: Parents,
): void {
  switch (fact.type) {
    case 'thread_started':
      return tellThreadStarted(speaker, thread, fact, parents);
    case 'thread_ended':
      return tellThreadEnded(speaker, thread, fact);
    case 'thread_spawned':
      return tellThreadSpawned(speaker, thread, fact, parents);
    case 'warmed_up':
      return tellWarmedUp(speaker, thread, fact);
    case 'warm_up_consumed':
      return tellWarmUpConsumed(speaker, thread, fact);
    case 'operation_started':
      return tellOperationStarted(speaker, thread, fact, parents);
    case 'operation_ended':
      return thread.spans.end(SPANS.operation(fact.submissionId), fact);
    case 'turn_started':
      return tellTurnStarted(speaker, thread, fact, parents);
    case 'turn_ended':
      return tellTurnEnded(speaker, thread, fact);
    case 'prompt':
      return tellPrompt(speaker, thread, fact);
    case 'first_token':
    case 'first_message':
      return tellFirst(speaker, thread, fact);
    case 'rollout_closed':
      return speaker.measurements.record('codex.rollout.size_bytes', fact.bytes, NO_TAGS);
    case 'compaction_installed':
      thread.isCompacted = true;
      return;
    case 'sampling_started':
      return tellSamplingStarted(speaker, thread, fact);
    case 'sampling_ended':
      return tellSamplingEnded(thread, fact);
    case 'inference_started':
      return tellInferenceStarted(speaker, thread, fact);
    case 'inference_ended':
      return tellInferenceEnded(speaker, thread, fact);
    case 'attempt':
      return tellAttempt(speaker, thread, fact);
    case 'recovery':
      return tellRecovery(speaker, thread, fact);
    case 'websocket_fallback':
      return tellFallback(speaker, thread, fact);
    case 'stream_event':
      return tellStreamEvent(speaker, thread, fact);
    case 'stream_deltas':
      return tellStreamDeltas(speaker, thread, fact);
    case 'tool_started':
      return tellToolStarted(speaker, thread, fact);
    case 'tool_ended':
      return tellToolEnded(speaker, thread, fact);
    case 'tool_decision':
      return tellToolDecision(speaker, thread, fact);
    case 'sandbox_outcome':
      return tellSandboxOutcome(speaker, thread, fact);
    case 'terminal_started':
    case 'terminal_ended':
      return tellTerminal(speaker, thread, fact);
    case 'mcp_call_started':
      return tellMcpCallStarted(speaker, thread, fact);
    case 'mcp_call_ended':
      return tellMcpCallEnded(speaker, thread, fact);
    // The rollout and its trace hold the conversation; telemetry has no words for these.
    case 'item_recorded':
    case 'protocol_event':
    case 'terminal_input':
  }
}

/** As codex tells it. */
const NO_TAGS = {};
