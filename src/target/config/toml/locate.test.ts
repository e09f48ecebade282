import { expect, test } from 'vitest';
import { locator } from './locate.ts';

const text = `model = "m" # model = 5
tui.theme = "t"
"quoted key" = 1

[mcp_servers.docs]
command = "x"
env = { A = "1", TOKEN = "2" }
args = [
  "--model",
]

[[hooks.Stop]]
matcher = "a"
[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
[ "projects" . '/a.b' ]
trust_level = "trusted"
`;
const locate = locator(text);

test.each([
  [['model'], 1, 1],
  [['tui', 'theme'], 2, 5],
  [['quoted key'], 3, 1],
  [['mcp_servers', 'docs'], 5, 14],
  [['mcp_servers'], 5, 2],
  [['mcp_servers', 'docs', 'env', 'TOKEN'], 7, 18],
  [['mcp_servers', 'docs', 'args', 0], 8, 1],
  [['hooks', 'Stop', 0, 'matcher'], 13, 1],
  [['hooks', 'Stop', 1, 'hooks', 0, 'type'], 16, 1],
  [['projects', '/a.b', 'trust_level'], 18, 1],
])('%j', (path, line, column) => expect(locate(path)).toEqual({ line, column }));

test('a path that nothing sets has no place', () => {
  expect(locate(['tui', 'animations'])).toBeUndefined();
  expect(locator('')(['model'])).toBeUndefined();
});

test('a header of fifty thousand names', () => {
  const names = Array.from({ length: 50_000 }, () => 'a');
  expect(locator(`[${names.join('.')}]\nb = 1\n`)([...names, 'b'])).toEqual({ line: 2, column: 1 });
});

test('a list inside the second element of a list begins anew', () => {
  const nested = locator('[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nx = 1\n');
  expect(nested(['a', 1, 'b', 0, 'x'])).toEqual({ line: 5, column: 1 });
});
