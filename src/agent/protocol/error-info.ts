/** Why a turn or a request failed, as events carry it (spec/agent-core.md 1.3). A closed list. */
export type ErrorInfo =
  | { readonly kind: 'response_stream_disconnected'; readonly http_status_code: number | null }
  | { readonly kind: 'response_too_many_failed_attempts'; readonly http_status_code: number | null }
  | { readonly kind: PlainErrorKind };

export type PlainErrorKind =
  | 'context_window_exceeded'
  | 'usage_limit_exceeded'
  | 'server_overloaded'
  | 'cyber_policy'
  | 'internal_server_error'
  | 'unauthorized'
  | 'bad_request'
  | 'thread_rollback_failed'
  | 'other';
