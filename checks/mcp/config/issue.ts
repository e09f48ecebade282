import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { McpProblem } from './problems.ts';

interface Words {
  readonly class: FailureClass;
  /** Goes on from `MCP server <name>: `. */
  readonly cause: string;
  readonly measured: string;
  readonly expected: string;
  readonly remedy: string;
}

export interface NamedServer {
  readonly label: string;
  /** As it may be shown. */
  readonly name: string;
  readonly required: boolean;
}

/** A problem of a required server stops the agent. */
export function issueOf(server: NamedServer, problem: McpProblem): VerdictIssue {
  const words = wordsOf(problem, server.name);
  // A secret in the wrong place is no reason for the agent to stop, nor to do without the server.
  const stops = problem.kind !== 'secret';
  const severity = server.required && stops ? fail : warn;
  return severity({
    ...words,
    cause: `MCP server ${server.name}: ${words.cause}`,
    remedy:
      stops && !server.required ? `${words.remedy} Or set enabled = false for ${server.name}.` : words.remedy,
    fields: [server.label],
  });
}

function wordsOf(problem: McpProblem, server: string): Words {
  const table = `[mcp_servers.${server}]`;
  switch (problem.kind) {
    case 'name':
      return {
        class: 'invalid_value',
        cause: 'its name holds characters that the agent does not take, so it is not started',
        measured: 'a name with other characters',
        expected: 'letters, digits, _ and -',
        remedy: `Rename ${table}.`,
      };
    case 'command':
      return commandWords(problem, table);
    case 'folder':
      return {
        class: classOfState(problem.state),
        cause: `its working folder is ${wordOfState(problem.state)}`,
        measured: `${problem.path} (${problem.state})`,
        expected: 'a folder',
        remedy: `Create ${problem.path}, or correct cwd under ${table}.`,
      };
    case 'variable':
      return {
        class: 'missing',
        cause: `${problem.name}, named by ${problem.key}, is ${problem.state === 'empty' ? 'empty' : 'not set'}`,
        measured: `${problem.name} (${problem.state})`,
        expected: `${problem.name} set in the shell or in the .env file of the home`,
        remedy: `Set ${problem.name}.`,
      };
    case 'variable_name':
      return {
        class: 'invalid_value',
        cause: `${problem.key} holds a variable without a name`,
        measured: 'an empty name',
        expected: 'the name of a variable',
        remedy: `Remove the empty name from ${problem.key} under ${table}.`,
      };
    case 'remote_variable':
      return {
        class: 'invalid_value',
        cause: `${problem.name} is to come from a remote environment, but the server runs on this machine`,
        measured: 'source = "remote"',
        expected: 'source = "local"',
        remedy: `Set source = "local" for ${problem.name} in env_vars under ${table}.`,
      };
    case 'url':
      return {
        class: 'invalid_value',
        cause: {
          empty: 'its URL is empty',
          malformed: 'its URL cannot be read as one',
          scheme: 'its URL is not one of HTTP',
        }[problem.state],
        measured: { empty: 'empty', malformed: 'not a URL', scheme: 'another scheme' }[problem.state],
        expected: 'a URL that begins with https:// or http://',
        remedy: `Correct url under ${table}.`,
      };
    case 'secret':
      return problem.place === 'args'
        ? {
            class: 'permissions',
            cause: 'a secret stands in its arguments, which every account of this machine can list',
            measured: 'a secret in args',
            expected: 'secrets in variables',
            remedy: `Hand the secret over through env or env_vars under ${table}.`,
          }
        : {
            class: 'permissions',
            cause: 'a secret stands in its URL, which ends up in logs',
            measured: 'a secret in url',
            expected: 'secrets in variables',
            remedy: `Move the secret to bearer_token_env_var or env_http_headers under ${table}.`,
          };
  }
}

function commandWords(
  { command, resolution }: Extract<McpProblem, { kind: 'command' }>,
  table: string,
): Words {
  const expected = 'a program that can be run';
  switch (resolution.kind) {
    case 'empty':
      return {
        class: 'invalid_value',
        cause: 'its command is empty',
        measured: 'empty',
        expected,
        remedy: `Set command under ${table}.`,
      };
    case 'no_path':
      return {
        class: 'missing',
        cause: `its command ${command} cannot be looked up, because PATH is not set`,
        measured: 'no PATH',
        expected,
        remedy: `Write the whole path of ${command} under ${table}.`,
      };
    case 'not_on_path': {
      const where = resolution.searched === 'own' ? 'the PATH of its own env table' : 'PATH';
      return {
        class: 'missing',
        cause: `its command ${command} is not found on ${where}`,
        measured: `no ${command} on ${where}`,
        expected,
        remedy: `Install ${command}, or write its whole path under ${table}.`,
      };
    }
    case 'unusable': {
      const { path, state } = resolution;
      const mend = state === 'not_executable' ? `Make ${path} executable` : `Put the program at ${path}`;
      const hint = command.startsWith('~') ? ' The agent does not expand ~.' : '';
      return {
        class: classOfState(state),
        cause: `its command ${path} is ${wordOfState(state)}`,
        measured: `${path} (${state})`,
        expected,
        remedy: `${mend}, or correct command under ${table}.${hint}`,
      };
    }
  }
}

function classOfState(state: string): FailureClass {
  if (state === 'missing' || state === 'dangling') return 'missing';
  if (state === 'denied' || state === 'unreadable' || state === 'not_executable') return 'permissions';
  return state === 'failed' ? 'unreadable' : 'wrong_type';
}

function wordOfState(state: string): string {
  const words: Readonly<Record<string, string>> = {
    missing: 'not there',
    dangling: 'a link to something that does not exist',
    loop: 'a link that leads back to itself',
    denied: 'not accessible for this account',
    not_a_file: 'not a file',
    not_executable: 'not executable',
    file: 'a file',
  };
  return words[state] ?? `not usable (${state})`;
}
