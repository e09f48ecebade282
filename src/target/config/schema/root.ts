import { extensions } from './extensions.ts';
import { interfaceKeys } from './interface.ts';
import { mcpKeys } from './mcp.ts';
import { permissionKeys } from './permissions.ts';
import { providerKeys } from './providers.ts';
import { choice, each, enabledOnly, list, map, table, texts } from './shape.ts';
import type { Shape, TableShape } from './shape.ts';

const approvalPolicy = choice(
  ['untrusted', 'on-failure', 'on-request', 'never'],
  table(
    {
      granular: table(
        each('sandbox_approval rules mcp_elicitations skill_approval request_permissions', 'boolean'),
        { required: ['sandbox_approval', 'rules', 'mcp_elicitations'] },
      ),
    },
    { isVariant: true },
  ),
);

const tools = table({
  client_search_provider: ['standalone', 'search_mcp'],
  experimental_request_user_input: enabledOnly,
  update_plan: enabledOnly,
  web_search: choice(
    'boolean',
    table({
      allowed_domains: texts,
      context_size: ['low', 'medium', 'high'],
      location: table(each('country region city timezone', 'text')),
    }),
  ),
});

/** Keys that the root of a file and a legacy `[profiles.<name>]` table share. */
const shared: Readonly<Record<string, Shape>> = {
  ...each('model model_provider model_reasoning_effort plan_mode_reasoning_effort service_tier', 'text'),
  ...each('chatgpt_base_url oss_provider', 'text'),
  ...each(
    'experimental_compact_prompt_file js_repl_node_path model_catalog_json model_instructions_file',
    'path',
  ),
  ...each('include_apps_instructions include_collaboration_mode_instructions', 'boolean'),
  ...each('include_environment_context include_environment_context_time', 'boolean'),
  ...each('include_permissions_instructions experimental_use_unified_exec_tool', 'boolean'),
  analytics: enabledOnly,
  approval_policy: approvalPolicy,
  approvals_reviewer: ['user', 'auto_review', 'guardian_subagent'],
  // A flag is true or false, and some flags take a table of settings; the names are judged by `features.ts`.
  features: map(choice('boolean', map('anything'))),
  js_repl_node_module_dirs: list('path'),
  model_reasoning_summary: ['auto', 'concise', 'detailed', 'none'],
  model_verbosity: ['low', 'medium', 'high'],
  personality: ['none', 'friendly', 'pragmatic'],
  sandbox_mode: ['read-only', 'workspace-write', 'danger-full-access'],
  tools,
  web_search: ['disabled', 'cached', 'indexed', 'live'],
  windows: table({ allow_mxc: 'boolean', sandbox: ['elevated', 'unelevated', 'mxc'] }),
};

/**
 * Every key that codex 0.169 knows, with what it accepts. Names come from the agent's own field lists, and each name,
 * type and word was measured: set in a `config.toml`, and the agent asked whether it reads, ignores or refuses it.
 */
export const ROOT: TableShape = table({
  ...shared,
  ...permissionKeys,
  ...providerKeys,
  ...mcpKeys,
  ...interfaceKeys,
  ...extensions,
  ...each('review_model profile instructions developer_instructions compact_prompt', 'text'),
  ...each('openai_base_url apps_mcp_product_sku experimental_thread_store_endpoint', 'text'),
  ...each('log_dir sqlite_home', 'path'),
  ...each('allow_symlinked_codex_home check_for_update_on_startup daybreak', 'boolean'),
  ...each('hide_agent_reasoning show_raw_agent_reasoning suppress_unstable_features_warning', 'boolean'),
  ...each('model_auto_compact_token_limit model_context_window', 'integer'),
  ...each('background_terminal_max_timeout project_doc_max_bytes', 'natural'),
  ...each('thread_unload_delay_secs tool_output_token_limit', 'natural'),
  agents: table(
    {
      ...each('default_subagent_model default_subagent_reasoning_effort', 'text'),
      ...each('enabled interrupt_message', 'boolean'),
      ...each('max_concurrent_threads_per_session max_threads job_max_runtime_seconds', 'natural'),
      max_depth: 'integer',
    },
    { others: table({ description: 'text', config_file: 'path', nickname_candidates: texts }) },
  ),
  auto_review: table({
    ...each('experimental_conversation_history_prompt policy', 'text'),
    circuit_break_action: ['default', 'strict'],
    conversation_history_max_output_tokens: 'positive',
    timeout_ms: 'natural',
  }),
  cli_auth_credentials_store: ['file', 'keyring', 'auto', 'ephemeral'],
  cloud: table({ skills: enabledOnly }),
  // Settings of the desktop application, which checks them itself.
  desktop: map('anything'),
  experimental_thread_store: table({ type: ['local', 'in_memory'] }, { required: ['type'] }),
  feedback: enabledOnly,
  forced_chatgpt_workspace_id: choice('text', texts),
  forced_login_method: ['chatgpt', 'api'],
  ghost_snapshot: table({
    ...each('ignore_large_untracked_dirs ignore_large_untracked_files', 'integer'),
    ...each('ignore_untracked_files_over_bytes large_untracked_dir_warning_threshold', 'integer'),
    disable_warnings: 'boolean',
  }),
  goals: table({ max_goal_token_budget: 'positive' }),
  history: table({ max_bytes: 'natural', persistence: ['save-all', 'none'] }),
  memories: table({
    ...each('consolidation_model consolidation_service_tier extract_model', 'text'),
    ...each('dedicated_tools disable_on_external_context no_memories_if_mcp_or_web_search', 'boolean'),
    ...each('dual_write generate_memories use_memories', 'boolean'),
    ...each('max_raw_memories_for_consolidation max_rollouts_per_startup', 'natural'),
    ...each('max_rollout_age_days max_unused_days min_rollout_idle_hours', 'integer'),
    min_rate_limit_remaining_percent: 'integer',
    version: ['v1', 'v2'],
  }),
  model_auto_compact_token_limit_scope: ['total', 'body_after_prefix'],
  model_post_turn_compact_threshold_percent: { kind: 'range', from: 0, to: 100 },
  notify: texts,
  orchestrator: table({ mcp: enabledOnly, skills: enabledOnly }),
  profiles: map(
    table({
      ...shared,
      tui: table({ session_picker_view: ['comfortable', 'dense'] }, { others: 'anything' }),
    }),
  ),
  project_doc_fallback_filenames: texts,
  project_root_markers: texts,
  projects: map(table({ trust_level: ['trusted', 'untrusted'] })),
  responses_api_metadata: map('text'),
  shell_environment_policy: table({
    ...each('experimental_use_profile ignore_default_excludes', 'boolean'),
    exclude: texts,
    include_only: texts,
    filters: map(['include', 'exclude']),
    inherit: ['core', 'all', 'none'],
    set: map('text'),
  }),
});

/** What the embedded core reads besides: whom `stethos feedback` sends to. */
export const OWN_ROOT: TableShape = {
  ...ROOT,
  keys: { ...ROOT.keys, feedback: table({ enabled: 'boolean', dsn: 'text' }) },
};
