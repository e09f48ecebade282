import type { Clock } from '../host/clock.ts';
import type { Environment } from '../target/home.ts';
import type { McpServer } from '../target/mcp/facts.ts';
import type { AgentConfig } from './config/config.ts';
import { connectMcpServers } from './mcp/connections.ts';
import type { Connect, FailedServer, McpConnections } from './mcp/connections.ts';
import type { McpListening } from './mcp/told-call.ts';
import type { ModelInfo } from './model/info.ts';
import { heredocPatch } from './policy/commands/heredoc-patch.ts';
import { createGuard } from './policy/create-guard.ts';
import type { Guard } from './policy/guard.ts';
import type { RuleStore } from './policy/rules/store.ts';
import type { Sandbox } from './policy/sandbox.ts';
import type { ProviderCapabilities } from './provider/provider.ts';
import type { ClientRequests } from './thread/client-requests.ts';
import type { ToolSeams } from './thread/create-thread.ts';
import type { ThreadTools } from './thread/thread-tools.ts';
import type { DynamicToolDefinition } from './tools/dynamic/definitions.ts';
import { createDynamicTool } from './tools/dynamic/tool.ts';
import type { ImageLoader } from './tools/images/load.ts';
import { createViewImageTool } from './tools/images/view.ts';
import { patchInCommand } from './tools/patch/in-command.ts';
import { createPatchRunner } from './tools/patch/run.ts';
import type { PatchRunner } from './tools/patch/run.ts';
import { createApplyPatchTool } from './tools/patch/tool.ts';
import { createTurnDiffs } from './tools/patch/tracker.ts';
import { createUpdatePlanTool } from './tools/plan/update-plan.ts';
import { createRequestUserInputTool } from './tools/questions/request-user-input.ts';
import { createToolRegistry } from './tools/registry.ts';
import type { ToolRegistry } from './tools/registry.ts';
import { decideExposure, hidden } from './tools/search/exposure.ts';
import { createToolSearchTool } from './tools/search/tool.ts';
import type { ToolSpec } from './tools/spec.ts';
import { createTerminals } from './tools/terminal/create-terminals.ts';
import { inheritedVariables } from './tools/terminal/inherited.ts';
import type { TerminalOptions, Terminals } from './tools/terminal/create-terminals.ts';
import { ToolFailure } from './tools/tool.ts';
import type { Tool } from './tools/tool.ts';

export interface ToolAssembly {
  readonly config: AgentConfig;
  readonly capabilities: ProviderCapabilities;
  readonly rules: RuleStore;
  readonly sandbox: Sandbox;
  readonly images: ImageLoader;
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** Absolute. */
  readonly shell: string;
  readonly dynamicTools: readonly DynamicToolDefinition[];
  /** Those that are switched on. */
  readonly mcpServers: readonly McpServer[];
  readonly connectMcp: Connect;
  /** Absent where nobody listens to facts. */
  readonly listening?: McpListening | undefined;
}

export interface AssembledTools extends ThreadTools {
  /** Servers that the thread must not start without, and that did not come. */
  missingServers(): Promise<readonly FailedServer[]>;
}

/** Plan mode is a matter of clients to come. */
const mode = (): 'default' => 'default';

/** Every tool of one thread, made of what its configuration, its models and its client bring. */
export function assembleTools(assembly: ToolAssembly, { requests, emit }: ToolSeams): AssembledTools {
  const { config, env, clock, rules } = assembly;
  const guard = createGuard({ rules, approver: requests.approver, env });
  const patches = createPatchRunner({ guard, diffs: createTurnDiffs(), env });
  const terminals = createTerminals({
    guard,
    sandbox: assembly.sandbox,
    clock,
    random: assembly.random,
    env: inheritedVariables(env, config.environmentPolicy),
    shell: assembly.shell,
    maxTimeoutMs: config.backgroundTerminalMaxTimeoutMs,
    form: config.isFeatureOn('unified_exec') ? 'unified' : 'legacy',
    interceptPatch: interceptWith(patches),
  });
  const mcp = connectServers(assembly, { guard, requests, emit });
  const registryFor = async (model: ModelInfo): Promise<ToolRegistry> => {
    const { tools } = await mcp.started();
    const own = ownTools(assembly, { model, requests, terminals, patches });
    return createToolRegistry({
      tools: [...own, ...withSearch(tools, { model, config })],
      hosted: hostedTools(assembly),
    });
  };
  // Kept by name: what the provider learns of a model later does not change its tools in the middle of a thread.
  const registries = new Map<string, Promise<ToolRegistry>>();
  return {
    registry(model) {
      const known = registries.get(model.slug) ?? registryFor(model);
      registries.set(model.slug, known);
      return known;
    },
    missingServers: async () => (await mcp.started()).failed.filter(({ required }) => required),
    cancelStartup: () => mcp.cancelStartup(),
    cleanTerminals: () => terminals.manager.cleanAll(),
    runUserShell: async (command, context) =>
      (await terminals.runUserShellCommand(command, { callId: assembly.newId(), context })).record,
    async close() {
      await terminals.manager.shutdown();
      await mcp.close();
    },
  };
}

function ownTools(
  { config, images, dynamicTools }: ToolAssembly,
  parts: {
    readonly model: ModelInfo;
    readonly requests: ClientRequests;
    readonly terminals: Terminals;
    readonly patches: PatchRunner;
  },
): Tool[] {
  const { model, requests, terminals, patches } = parts;
  return [
    ...(config.isFeatureOn('shell_tool') ? terminals.tools : []),
    createUpdatePlanTool({ mode }),
    createRequestUserInputTool({
      ask: ({ callId }, { signal }) => requests.questions.ask(callId, signal),
      mode,
      isRoot: true,
    }),
    ...(model.applyPatch === 'none'
      ? []
      : [createApplyPatchTool({ form: model.applyPatch, runner: patches })]),
    ...(model.supportsImageInput
      ? [
          createViewImageTool({
            loader: images,
            offersOriginal: config.isFeatureOn('view_image_original_resolution'),
          }),
        ]
      : []),
    ...dynamicTools.map((definition) =>
      createDynamicTool(definition, {
        request: ({ callId }, { signal }) => requests.dynamicTools.ask(callId, signal),
      }),
    ),
  ];
}

/** Many tools of servers are not shown but found, where the model can look for them. */
function withSearch(
  tools: readonly Tool[],
  { model, config }: { readonly model: ModelInfo; readonly config: AgentConfig },
): Tool[] {
  const { direct, deferred } = decideExposure({ tools, model, isFeatureOn: config.isFeatureOn });
  return deferred.length === 0
    ? [...direct]
    : [...direct, createToolSearchTool(deferred), ...deferred.map(hidden)];
}

function hostedTools({ config, capabilities }: ToolAssembly): ToolSpec[] {
  const { webSearch } = config;
  return [
    ...(capabilities.webSearch && webSearch !== 'disabled'
      ? [{ type: 'web_search', external_web_access: webSearch === 'live' } as const]
      : []),
    ...(capabilities.imageGeneration && config.isFeatureOn('image_generation')
      ? [{ type: 'image_generation', output_format: 'png' } as const]
      : []),
  ];
}

function connectServers(
  { mcpServers, connectMcp, clock, newId, listening }: ToolAssembly,
  { guard, requests, emit }: ToolSeams & { readonly guard: Guard },
): McpConnections {
  return connectMcpServers({
    servers: mcpServers,
    connect: connectMcp,
    listening,
    guard,
    emit,
    elapsedMs: () => clock.elapsed(),
    elicit:
      (server) =>
      async ({ message, requestedSchema, signal }) => {
        const id = newId();
        const answering = requests.elicitations.ask(id, signal);
        // A schema comes out of a message of JSON.
        const schema = requestedSchema as { readonly [key: string]: string };
        emit({ type: 'elicitation_request', id, server, message, requested_schema: schema });
        const { action, content } = (await answering) ?? { action: 'cancel' };
        return { action, ...(isObject(content) && { content }) };
      },
  });
}

type Answers = Readonly<Record<string, string | number | boolean | string[]>>;
const isObject = (content: unknown): content is Answers =>
  typeof content === 'object' && content !== null && !Array.isArray(content);

/** A command that is nothing but a patch is applied as one, under the policy of patches. */
const interceptWith =
  (patches: PatchRunner): NonNullable<TerminalOptions['interceptPatch']> =>
  async (argv, cwd, { callId }, context) => {
    const found = await patchInCommand({ argv, cwd, soleHeredoc: heredocPatch });
    if (!found) return undefined;
    if (found.kind === 'misuse') throw new ToolFailure(found.message);
    return patches.run({ callId, patch: found.patch, cwd: found.cwd }, context);
  };
