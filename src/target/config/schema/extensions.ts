import { choice, each, enabledOnly, list, map, table } from './shape.ts';
import type { Shape } from './shape.ts';

const hooks = list(
  table({
    matcher: 'text',
    hooks: list(
      table(
        {
          ...each('command commandWindows command_windows statusMessage server tool prompt', 'text'),
          async: 'boolean',
          timeout: 'natural',
          type: ['command', 'mcp_tool', 'prompt', 'agent'],
        },
        { required: ['type'], others: 'anything' },
      ),
    ),
  }),
);

const exporterKeys: Readonly<Record<string, Shape>> = {
  endpoint: 'text',
  headers: map('text'),
  tls: table(each('ca-certificate client-certificate client-private-key', 'path')),
};
const exporter = choice(
  ['none', 'statsig'],
  table(
    {
      'otlp-http': table(
        { ...exporterKeys, protocol: ['binary', 'json'] },
        { required: ['endpoint', 'protocol'] },
      ),
      'otlp-grpc': table(exporterKeys, { required: ['endpoint'] }),
    },
    { isVariant: true },
  ),
);

/** Hooks, skills, telemetry and voice. */
export const extensions: Readonly<Record<string, Shape>> = {
  hooks: table({
    ...each('PreToolUse PostToolUse PermissionRequest SessionStart SessionEnd UserPromptSubmit', hooks),
    ...each('Stop SubagentStart SubagentStop PreCompact PostCompact Interrupt', hooks),
    ...each('PreModelRequest PostModelRequest', hooks),
    state: map(table({ enabled: 'boolean', trusted_content_hash: 'text', trusted_hash: 'text' })),
  }),
  skills: table({
    bundled: enabledOnly,
    config: list(
      table(
        { enabled: 'boolean', path: 'path', name: 'text' },
        { required: ['enabled'], others: 'anything' },
      ),
    ),
    include_instructions: 'boolean',
    max_context_tokens: 'positive',
  }),
  tool_suggest: table(
    each(
      'disabled_tools discoverables',
      list(
        table(
          { id: 'text', type: ['connector', 'plugin'] },
          { required: ['type', 'id'], others: 'anything' },
        ),
      ),
    ),
  ),
  otel: table({
    ...each('log_agent_responses log_guardian_assessments log_sse_deltas log_user_prompt', 'boolean'),
    ...each('exporter metrics_exporter trace_exporter', exporter),
    environment: 'text',
    span_attributes: map('text'),
    tool_result: table({ max_bytes: 'natural' }),
    tracestate: map(map('text')),
  }),
  audio: table({
    microphone: 'text',
    microphone_channel: choice('natural', list('natural')),
    speaker: 'text',
  }),
  ...each('experimental_realtime_start_instructions experimental_realtime_webrtc_call_base_url', 'text'),
  ...each('experimental_realtime_ws_backend_prompt experimental_realtime_ws_base_url', 'text'),
  ...each('experimental_realtime_ws_model experimental_realtime_ws_startup_context', 'text'),
  realtime: table({
    transport: ['webrtc', 'websocket'],
    type: ['conversational', 'transcription'],
    version: ['v1', 'v2', 'v3'],
    voice: (
      'alloy arbor ash aube ballad breeze bubbie cedar coral cove echo ember haetsal hanul himari juniper leher ' +
      'maple marin miko neer porto rindo rio rivage sage selva shimmer sol sonna spruce tinta vale verse viola'
    ).split(' '),
  }),
};
