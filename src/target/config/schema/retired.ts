import type { KeyPath } from '../key-path.ts';

/** Keys of earlier versions that the agent now passes over, with what took their place. */
const RETIRED: ReadonlyMap<string, string | undefined> = new Map([
  ['disable_response_storage', undefined],
  ['experimental_instructions_file', 'model_instructions_file'],
  ['experimental_use_rmcp_client', undefined],
  ['model_max_output_tokens', undefined],
  ['model_supports_reasoning_summaries', undefined],
  ['preferred_auth_method', 'forced_login_method'],
  ['tools.view_image', 'features.view_image'],
  ['tools_view_image', 'features.view_image'],
  ['use_experimental_reasoning_summary', undefined],
  ['windows_wsl_setup_acknowledged', undefined],
]);

/** What to say about a key that no longer exists; undefined for a key that never did. */
export function retiredKey(
  keyPath: string,
): { readonly kind: 'deprecated_key'; readonly message: string; readonly suggestion?: string } | undefined {
  if (!RETIRED.has(keyPath)) return undefined;
  const suggestion = RETIRED.get(keyPath);
  return {
    kind: 'deprecated_key',
    message: 'the agent no longer reads this key',
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** What to say about a value that was removed; undefined for one that never was any (spec/transport.md 3.2). */
export function retiredValue(
  [group, , key]: KeyPath,
  value: unknown,
): { readonly message: string; readonly suggestion: string } | undefined {
  return group === 'model_providers' && key === 'wire_api' && value === 'chat'
    ? { message: 'the Chat Completions API was removed from the agent', suggestion: 'responses' }
    : undefined;
}
