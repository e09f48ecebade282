import { expect, test } from 'vitest';
import { ROOT } from './schema/root.ts';
import { nearest } from './suggest.ts';

test.each([
  ['modle', 'model'],
  ['Model', 'model'],
  ['model-provider', 'model_provider'],
  ['approvalPolicy', 'approval_policy'],
  ['aproval_policy', 'approval_policy'],
  ['sandbox', undefined],
  ['mcpServers', 'mcp_servers'],
  ['mcp_server', 'mcp_servers'],
  ['zzzzzz', undefined],
  ['colour', undefined],
  ['x'.repeat(100_000), undefined],
])('%.20s', (written, meant) => expect(nearest(written, Object.keys(ROOT.keys))).toBe(meant));
