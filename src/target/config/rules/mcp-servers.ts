import { stringAt } from '../facts.ts';
import type { ConfigProblem, ConfigTable } from '../facts.ts';
import { HTTP_ONLY, STDIO_ONLY } from '../schema/mcp.ts';
import { namedTables, refusalsUnder } from './rule.ts';
import type { RuleInput } from './rule.ts';

/** Each MCP server has exactly one transport and only keys that go with it; otherwise the agent does not start. */
export function mcpServerRules(input: RuleInput): ConfigProblem[] {
  return namedTables(input.effective, 'mcp_servers').flatMap(([name, table]) =>
    oneServer(input, name, table),
  );
}

function oneServer(input: RuleInput, name: string, table: ConfigTable): ConfigProblem[] {
  const path = ['mcp_servers', name];
  const command = stringAt(table, 'command');
  const url = stringAt(table, 'url');
  const refuse = refusalsUnder(input, path);
  if (command === undefined && url === undefined) {
    // A value of the wrong type was already named; the server then only looks as if it had no transport.
    const named = input.layers.some(({ problems }) =>
      problems.some(
        ({ keyPath }) => keyPath?.startsWith(`mcp_servers.${name}.`) && /\.(?:command|url)$/.test(keyPath),
      ),
    );
    return named ? [] : [refuse([], 'the server has neither a `command` nor a `url`', '`command` or `url`')];
  }
  if (command !== undefined && url !== undefined)
    return [refuse(['url'], 'the server has both a `command` and a `url`', '`command` or `url`, not both')];
  const wrong = (command === undefined ? STDIO_ONLY : HTTP_ONLY).filter((key) => Object.hasOwn(table, key));
  const kind = command === undefined ? 'a server with a `url`' : 'a server with a `command`';
  const problems = wrong.map((key) => refuse([key], `\`${key}\` does not go with ${kind}`, `no \`${key}\``));
  // Tokens in the file itself are refused for both kinds.
  if (Object.hasOwn(table, 'bearer_token'))
    problems.push(
      refuse(['bearer_token'], 'a token in the file itself is not accepted', 'bearer_token_env_var = "NAME"'),
    );
  return problems;
}
