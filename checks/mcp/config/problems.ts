import { resolve } from 'node:path';
import type { CheckContext } from '../../../src/doctor/context.ts';
import { findSecrets } from '../../../src/redact/find.ts';
import { describeArguments } from '../../../src/redact/places.ts';
import { resolveCommand } from '../../../src/target/mcp/command.ts';
import type { CommandResolution } from '../../../src/target/mcp/command.ts';
import type { McpServer, McpTransport } from '../../../src/target/mcp/facts.ts';

/** One thing wrong with one server, without a value that could be secret. */
export type McpProblem =
  | { readonly kind: 'name' }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly resolution: Exclude<CommandResolution, { kind: 'found' }>;
    }
  | { readonly kind: 'folder'; readonly path: string; readonly state: string }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly key: 'env_vars' | 'bearer_token_env_var' | 'env_http_headers';
      readonly state: 'missing' | 'empty';
    }
  | { readonly kind: 'variable_name'; readonly key: 'env' | 'env_vars' }
  | { readonly kind: 'remote_variable'; readonly name: string }
  | { readonly kind: 'url'; readonly state: 'empty' | 'malformed' | 'scheme' }
  | { readonly kind: 'secret'; readonly place: 'args' | 'url' };

/** Names end up in tool names, so the agent takes no others when it starts the server. */
const VALID_NAME = /^[A-Za-z0-9_-]+$/;

export function findProblems(server: McpServer, context: CheckContext): McpProblem[] {
  const problems = transportProblems(server.transport, context);
  // A server that is never started for its name needs no command; a secret can be read all the same.
  return VALID_NAME.test(server.name)
    ? problems
    : [{ kind: 'name' }, ...problems.filter(({ kind }) => kind === 'secret')];
}

function transportProblems(transport: McpTransport, context: CheckContext): McpProblem[] {
  switch (transport.kind) {
    case 'none':
      return [];
    case 'stdio':
      return stdioProblems(transport, context);
    case 'streamable_http':
      return httpProblems(transport, context);
  }
}

type Stdio = Extract<McpTransport, { kind: 'stdio' }>;
type Http = Extract<McpTransport, { kind: 'streamable_http' }>;

function stdioProblems(transport: Stdio, context: CheckContext): McpProblem[] {
  const { command, args, cwd, environment, variables } = transport;
  const { files, target } = context;
  const folder = resolve(context.cwd, cwd ?? '.');
  const seen = cwd === undefined ? undefined : files.look(folder);
  const problems: McpProblem[] = [];
  if (seen && (seen.kind !== 'found' || seen.type !== 'directory'))
    problems.push({
      kind: 'folder',
      path: shown(folder),
      state: seen.kind === 'found' ? seen.type : seen.kind,
    });
  const place = {
    folder,
    ownPath: environment['PATH'],
    inheritedPath: target.environment().values['PATH'],
  };
  const resolution = resolveCommand(command, place, files);
  // A path from a folder that is not there would only repeat the first problem.
  if (resolution.kind !== 'found' && !(problems.length > 0 && resolution.kind === 'unusable'))
    problems.push({
      kind: 'command',
      command: shown(command),
      resolution:
        resolution.kind === 'unusable' ? { ...resolution, path: shown(resolution.path) } : resolution,
    });
  if (Object.keys(environment).some((name) => name.trim() === ''))
    problems.push({ kind: 'variable_name', key: 'env' });
  for (const { name, source } of variables) {
    if (name.trim() === '') problems.push({ kind: 'variable_name', key: 'env_vars' });
    else if (source === 'remote') problems.push({ kind: 'remote_variable', name });
    else problems.push(...unset(name, 'env_vars', context));
  }
  if (findSecrets(args.join(' ')).length > 0) problems.push({ kind: 'secret', place: 'args' });
  return problems;
}

/** Tokens have been seen in paths, too. */
const shown = (path: string): string => describeArguments([path])[0] ?? '';

function httpProblems(
  { url, bearerTokenVariable, headerVariables }: Http,
  context: CheckContext,
): McpProblem[] {
  const problems: McpProblem[] = [];
  const parsed = URL.parse(url);
  if (url.trim() === '') problems.push({ kind: 'url', state: 'empty' });
  else if (!parsed) problems.push({ kind: 'url', state: 'malformed' });
  else if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    problems.push({ kind: 'url', state: 'scheme' });
  if (parsed?.username || parsed?.password || findSecrets(url).length > 0)
    problems.push({ kind: 'secret', place: 'url' });
  if (bearerTokenVariable !== undefined)
    problems.push(...unset(bearerTokenVariable, 'bearer_token_env_var', context));
  for (const name of Object.values(headerVariables))
    problems.push(...unset(name, 'env_http_headers', context));
  return problems;
}

function unset(
  name: string,
  key: Extract<McpProblem, { kind: 'variable' }>['key'],
  { target }: CheckContext,
): McpProblem[] {
  const value = target.environment().values[name];
  if (value) return [];
  return [{ kind: 'variable', name, key, state: value === undefined ? 'missing' : 'empty' }];
}
