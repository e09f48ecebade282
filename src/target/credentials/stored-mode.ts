/** How a stored credential signs requests; the words of `codex doctor`. */
export type StoredMode =
  | 'api_key'
  | 'chatgpt'
  | 'chatgpt_auth_tokens'
  | 'agent_identity'
  | 'personal_access_token'
  | 'bedrock_api_key'
  | 'bedrock_access_keys'
  | 'headers';

/** Spelling of `auth_mode` in the file (codex 0.169). */
export const STORED_MODES = new Map<unknown, StoredMode>([
  ['apikey', 'api_key'],
  ['chatgpt', 'chatgpt'],
  ['chatgptAuthTokens', 'chatgpt_auth_tokens'],
  ['agentIdentity', 'agent_identity'],
  ['personalAccessToken', 'personal_access_token'],
  ['bedrockApiKey', 'bedrock_api_key'],
  ['bedrockAccessKeys', 'bedrock_access_keys'],
  ['headers', 'headers'],
]);
