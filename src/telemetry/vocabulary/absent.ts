/**
 * What the vocabulary of spec/observability.md 4.4-4.6 has and this agent does not tell, because there is nothing to tell:
 * what it is about is not built. Nothing here is a stub: a name moves out of this list when its feature comes.
 */
export const ABSENT: Readonly<Record<string, readonly string[]>> = {
  'plugins and skills': [
    'codex.plugin_install_elicitation_sent',
    'codex.plugin_install_suggestion',
    'codex.plugins.install_elicitation.sent',
    'codex.plugins.install_suggestion',
    'codex.plugins.startup_sync',
    'codex.plugins.startup_sync.final',
    'codex.thread.skills.enabled_total',
    'codex.thread.skills.kept_total',
    'codex.thread.skills.truncated',
    'codex.thread.skills.description_truncated_chars',
  ],
  guardian: [
    'codex.guardian.review',
    'codex.guardian.review.duration_ms',
    'codex.guardian.review.ttft.duration_ms',
    'codex.guardian.review.token_usage',
  ],
  goals: [
    'codex.goal.created',
    'codex.goal.resumed',
    'codex.goal.completed',
    'codex.goal.blocked',
    'codex.goal.usage_limited',
    'codex.goal.budget_limited',
    'codex.goal.token_count',
    'codex.goal.duration_s',
  ],
  hooks: ['codex.hooks.run', 'codex.hooks.run.duration_ms'],
  'shell snapshots': ['codex.shell_snapshot', 'codex.shell_snapshot.duration_ms'],
  'memories and the network proxy of commands': ['codex.turn.memory', 'codex.turn.network_proxy'],
  'steps that our start does not have: no plugins, no proxy of commands, a name is looked up before': [
    'session_init.auth_mcp',
    'session_init.plugin_skill_warmup',
    'session_init.thread_name_lookup',
    'session_init.network_proxy',
  ],
  'a server for clients': [
    'app_server.request',
    'app_server.thread_start.create_thread',
    'app_server.thread_start.config_snapshot',
    'app_server.thread_start.upsert_thread',
    'app_server.thread_start.attach_listener',
    'app_server.thread_start.resolve_status',
    'app_server.thread_start.send_response',
    'app_server.thread_start.notify_started',
  ],
  'threads are found by their rollouts; the index is never read, filled or reclaimed': [
    'codex.sqlite.fallback.count',
    'codex.sqlite.reclamation',
    'codex.db.backfill',
    'codex.db.backfill.duration_ms',
    'codex.db.error',
  ],
  'rollouts are never compressed': ['codex.rollout_compression'],
  'no longer told by codex 0.169': ['codex.websocket_event'],
  'each delta on its own (summed: one record, one count)': [
    'handle_responses',
    'receiving',
    'stream_request',
  ],
  'the SDK of MCP numbers requests by itself and tells nobody': ['jsonrpc.request.id'],
  'below what the core tells': [
    'codex.websocket.continuation',
    'endpoint_session.stream_encoded_json_with',
    'model_client.websocket_connection',
  ],
};
