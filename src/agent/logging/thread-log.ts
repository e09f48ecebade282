import { bare } from '../../store/logs/logger.ts';
import type { LogFields, Logger } from '../../store/logs/logger.ts';
import type { ErrorInfo } from '../protocol/error-info.ts';
import type { AgentEvent } from '../protocol/event.ts';
import type { TurnReport } from '../thread/task.ts';
import type { Turn } from '../thread/turn-state.ts';
import { logTags } from './tag-log.ts';
import { turnSpan } from './turn-span.ts';

export interface ThreadLog {
  event(event: AgentEvent): void;
  /** The model is asked with these settings. */
  sampling(turn: Pick<Turn, 'id' | 'settings'>): void;
  answered(turn: Pick<Turn, 'id'>, responseId: string): void;
  turnEnd(report: TurnReport): void;
}

/** What feedback says of a thread besides the settings of its turns. */
export interface ThreadTags {
  /** As the login promises it; each request says it again (spec/transport.md 5.1, other tags). */
  readonly authMode: string | undefined;
  /** Those that are not as they are by themselves. */
  readonly features: readonly string[];
}

/** A warning may quote what it warns of. */
const MAX_WORDS = 1_000;

/**
 * Puts on record what a support engineer asks first of a thread: how its turns ended, where their time went, and what went
 * wrong on the way. What people, models and servers said is not repeated here.
 */
export function threadLog(logger: Logger, { authMode, features }: ThreadTags): ThreadLog {
  const spanOf = (turnId: string): Logger => turnSpan(logger, turnId);
  return {
    event({ id, msg }) {
      switch (msg.type) {
        case 'warning':
          spanOf(id).log('WARN', msg.message.slice(0, MAX_WORDS));
          return;
        case 'stream_error':
          spanOf(id).log('WARN', 'a stream broke and is asked for again', {
            try: msg.message,
            ...fieldsOfInfo(msg.info),
          });
          return;
        case 'error':
          spanOf(id).log('WARN', 'an error was told', fieldsOfInfo(msg.info));
          return;
        case 'model_reroute':
          spanOf(id).log('WARN', 'another model answers', { from: msg.from_model, to: msg.to_model });
          return;
        case 'mcp_startup_update':
          if (msg.status === 'failed')
            spanOf(id).log('WARN', 'an MCP server did not start', {
              server: msg.server,
              'error.message': msg.error,
            });
          return;
        default:
          return;
      }
    },
    sampling({ id, settings }) {
      const { model, approvalPolicy, sandboxPolicy, effort = model.defaultEffort ?? '' } = settings;
      logTags(spanOf(id), {
        model: model.slug,
        approval_policy: typeof approvalPolicy === 'string' ? approvalPolicy : 'granular',
        sandbox_policy: sandboxPolicy.type,
        effort,
        auth_mode: authMode ?? '',
        features: features.join(','),
      });
    },
    answered: ({ id }, responseId) => logTags(spanOf(id), { last_model_response_id: responseId }),
    turnEnd({ turnId, end, cause, profile }) {
      const { phasesMs, totalMs, timeToFirstTokenMs, requests, retries } = profile;
      spanOf(turnId).log(end === 'failed' ? 'WARN' : 'INFO', 'turn ended', {
        end: bare(end),
        cause,
        total_ms: totalMs,
        time_to_first_token_ms: timeToFirstTokenMs ?? undefined,
        requests,
        retries,
        before_first_sampling_ms: phasesMs.beforeFirstSampling,
        sampling_ms: phasesMs.sampling,
        between_sampling_ms: phasesMs.betweenSampling,
        tools_ms: phasesMs.tools,
        after_last_sampling_ms: phasesMs.afterLastSampling,
      });
    },
  };
}

const fieldsOfInfo = (info: ErrorInfo): LogFields => ({
  error: bare(info.kind),
  'http.response.status_code': 'http_status_code' in info ? (info.http_status_code ?? undefined) : undefined,
});
