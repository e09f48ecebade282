import type { StoredMode } from './stored-mode.ts';
import { record } from './token.ts';

/** The parts without which the agent cannot sign a request in this mode. */
export function missingParts(mode: StoredMode, file: Readonly<Record<string, unknown>>): string[] {
  const tokens = record(file['tokens']);
  switch (mode) {
    case 'api_key':
      return need('API key', file, 'OPENAI_API_KEY');
    case 'chatgpt':
      return [
        ...need('access token', tokens, 'access_token'),
        ...need('refresh token', tokens, 'refresh_token'),
        ...need('time of the last refresh', file, 'last_refresh'),
      ];
    case 'chatgpt_auth_tokens':
      return [
        ...need('access token', tokens, 'access_token'),
        ...need('account id', tokens, 'account_id'),
        ...need('time of the last refresh', file, 'last_refresh'),
      ];
    case 'agent_identity': {
      const identity = record(file['agent_identity']);
      if (!identity) return need('agent identity token', file, 'agent_identity');
      return [
        ...need('agent runtime id', identity, 'agent_runtime_id'),
        ...need('agent private key', identity, 'agent_private_key'),
      ];
    }
    case 'personal_access_token':
      return need('personal access token', file, 'personal_access_token');
    case 'bedrock_api_key':
      return need('Bedrock API key', record(file['bedrock_api_key']), 'api_key');
    case 'bedrock_access_keys':
      return [
        ...need('AWS access key id', record(file['bedrock_access_keys']), 'access_key_id'),
        ...need('AWS secret access key', record(file['bedrock_access_keys']), 'secret_access_key'),
      ];
    case 'headers':
      return ['everything: this mode is supplied by a host program and is never stored'];
  }
}

const need = (part: string, holder: Readonly<Record<string, unknown>> | undefined, key: string): string[] =>
  hasText(holder?.[key]) ? [] : [part];

export const hasText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
