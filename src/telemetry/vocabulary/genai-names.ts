import type { MetricShape } from './codex-metrics.ts';

/**
 * The GenAI and MCP conventions that are spoken here, and where they stand. They are under development and move; what we
 * say changes with this file alone. Attributes and the metrics of inference are those of `client-inference.md`, token
 * counters those of `gen-ai-token-metrics.md`, names that changed those of `migration.md`, MCP those of `mcp.md`.
 */
export const GENAI_REVISION = {
  repository: 'open-telemetry/semantic-conventions-genai',
  revision: '32c328e85013588c6fe32ebc30934ab5b1752b6a',
  lastSharedVersion: 'v1.41.0',
} as const;

/** What an attribute is called. */
export const GENAI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  conversation: 'gen_ai.conversation.id',
  compacted: 'gen_ai.conversation.compacted',
  agent: 'gen_ai.agent.name',
  requestModel: 'gen_ai.request.model',
  stream: 'gen_ai.request.stream',
  reasoningLevel: 'gen_ai.request.reasoning.level',
  previousResponse: 'gen_ai.request.previous_response.id',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  modality: 'gen_ai.token.modality',
  tool: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCall: 'gen_ai.tool.call.id',
  // Content: by opt-in alone.
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  instructions: 'gen_ai.system_instructions',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
} as const;

export const MCP = {
  method: 'mcp.method.name',
  session: 'mcp.session.id',
  protocolVersion: 'mcp.protocol.version',
  statusCode: 'rpc.response.status_code',
} as const;

/** Of the general conventions. */
export const GENERAL = {
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  httpStatus: 'http.response.status_code',
  networkTransport: 'network.transport',
  networkProtocol: 'network.protocol.name',
  exitCode: 'process.exit.code',
} as const;

const doubling = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Number((first * 2 ** index).toPrecision(6)));
const SHORT = { first: 0.01, count: 14 } as const;
const LONG = { first: 0.1, count: 13 } as const;
const CALLS = { first: 1, count: 8 } as const;

const MCP_BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

const seconds = ({ first, count }: { readonly first: number; readonly count: number }): MetricShape => ({
  instrument: 'histogram',
  unit: 's',
  bounds: doubling(first, count),
});
const calls = (unit: string): MetricShape => ({
  instrument: 'histogram',
  unit,
  bounds: doubling(CALLS.first, CALLS.count),
});
const TOKENS: MetricShape = { instrument: 'counter', unit: '{token}' };

export const GENAI_METRICS = {
  'gen_ai.client.inference.duration': seconds(SHORT),
  'gen_ai.client.inference.time_to_first_chunk': seconds(SHORT),
  'gen_ai.client.inference.usage.input_tokens': TOKENS,
  'gen_ai.client.inference.usage.output_tokens': TOKENS,
  'gen_ai.client.inference.usage.cache_read.input_tokens': TOKENS,
  'gen_ai.client.inference.usage.reasoning.output_tokens': TOKENS,
  'gen_ai.invoke_agent.duration': seconds(LONG),
  'gen_ai.invoke_agent.inference_calls': calls('{inference_call}'),
  'gen_ai.invoke_agent.tool_calls': calls('{tool_call}'),
  'gen_ai.execute_tool.duration': seconds(SHORT),
  'mcp.client.operation.duration': { instrument: 'histogram', unit: 's', bounds: MCP_BOUNDS },
} as const satisfies Readonly<Record<string, MetricShape>>;

export type GenAiMetricName = keyof typeof GENAI_METRICS;

/**
 * From the names of the last version of the shared repository (and the older ones that peers still send) to those of
 * today, for whoever moves dashboards.
 */
export const RENAMED: readonly (readonly [then: string, now: string])[] = [
  ['gen_ai.system', 'gen_ai.provider.name'],
  ['gen_ai.tool.call_id', 'gen_ai.tool.call.id'],
  ['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['gen_ai.client.operation.duration', 'gen_ai.client.inference.duration'],
  ['gen_ai.client.operation.time_to_first_chunk', 'gen_ai.client.inference.time_to_first_chunk'],
  ['gen_ai.client.operation.time_per_output_chunk', 'gen_ai.client.inference.time_per_output_chunk'],
  ['gen_ai.client.token.usage{gen_ai.token.type="input"}', 'gen_ai.client.inference.usage.input_tokens'],
  ['gen_ai.client.token.usage{gen_ai.token.type="output"}', 'gen_ai.client.inference.usage.output_tokens'],
];

/** Provider names of the conventions, by the ids of ours; others are named by their id. */
const PROVIDERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure: 'azure.ai.openai',
  'amazon-bedrock': 'aws.bedrock',
};

export const providerName = (id: string): string => PROVIDERS[id.toLowerCase()] ?? id;
