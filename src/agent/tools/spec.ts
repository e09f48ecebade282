import type { JsonObject } from '../../host/json.ts';

/** A tool as requests describe it. Serialised as it stands, so key order is part of it. */
export type ToolSpec =
  | {
      readonly type: 'function';
      readonly name: string;
      readonly description: string;
      readonly strict: boolean;
      readonly parameters: JsonObject;
      readonly defer_loading?: boolean;
    }
  | {
      readonly type: 'custom';
      readonly name: string;
      readonly description: string;
      readonly format:
        | { readonly type: 'grammar'; readonly syntax: 'lark'; readonly definition: string }
        | { readonly type: 'text' };
    }
  | {
      readonly type: 'namespace';
      readonly name: string;
      readonly description: string;
      readonly tools: readonly ToolSpec[];
    }
  | { readonly type: 'web_search'; readonly external_web_access: boolean }
  | { readonly type: 'image_generation'; readonly output_format: 'png' }
  | {
      readonly type: 'tool_search';
      readonly execution: 'client';
      readonly description: string;
      readonly parameters: JsonObject;
    };
