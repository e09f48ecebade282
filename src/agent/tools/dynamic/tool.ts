import type { DynamicToolContent } from '../../protocol/op.ts';
import type { InputImage, InputText } from '../../protocol/item.ts';
import type { JsonValue } from '../../../host/json.ts';
import { parseArguments } from '../arguments.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import type { DynamicToolDefinition } from './definitions.ts';

/** What a client answers. */
export interface DynamicToolAnswer {
  readonly success: boolean;
  readonly contentItems: readonly DynamicToolContent[];
}

export interface DynamicToolOptions {
  /**
   * Opens the request under the id of the call at once, and waits. The event that shows it is told right after. Undefined:
   * cancelled, without an answer.
   */
  readonly request: (
    call: { readonly callId: string },
    context: ToolContext,
  ) => Promise<DynamicToolAnswer | undefined>;
}

/** A client's tool: the core asks, the client runs it (spec/agent-core.md 2.5). */
export function createDynamicTool(definition: DynamicToolDefinition, { request }: DynamicToolOptions): Tool {
  const { namespace, name, description, inputSchema, exposeToContext } = definition;
  const place = namespace === undefined ? {} : { namespace };
  return {
    name,
    ...place,
    spec: exposeToContext
      ? { type: 'function', name, description, strict: false, parameters: inputSchema }
      : undefined,
    origin: { kind: 'dynamic' },
    parallel: false,
    async handle(call, context) {
      const { callId } = call;
      // The client knows its own schema; here it is an object, and no more is promised.
      const args: JsonValue = await parseArguments(call, (z) => z.record(z.string(), z.json()));
      const common = { call_id: callId, turn_id: context.turnId, tool: name };
      const answering = request({ callId }, context);
      context.emit({ type: 'dynamic_tool_call_request', ...common, ...place, arguments: args });
      const answer = await answering;
      context.emit({ type: 'dynamic_tool_call_response', ...common, success: answer?.success ?? false });
      if (!answer) throw new ToolFailure(`${name} was cancelled before the client answered.`);
      return { content: answer.contentItems.map(contentOf), success: answer.success };
    },
  };
}

function contentOf(item: DynamicToolContent): InputText | InputImage {
  return item.type === 'inputText'
    ? { type: 'input_text', text: item.text }
    : { type: 'input_image', image_url: item.imageUrl };
}
