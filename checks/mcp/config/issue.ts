import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { McpRefusal } from '../../../src/target/mcp/facts.ts';
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

/** A problem of a required server stops the agent, and so does whatever makes it refuse its configuration. */
export function issueOf(server: NamedServer, problem: McpProblem): VerdictIssue {
  const words = wordsOf(problem, server.name);
  const isHarmless = problem.kind === 'unknown_key' || problem.kind === 'secret';
  const severity = problem.kind === 'refused' || (server.required && !isHarmless) ? fail : warn;
  const isRecoverable = problem.kind !== 'refused' && !isHarmless && !server.required;
  return severity({
    ...words,
    cause: `MCP server ${server.name}: ${words.cause}`,
    remedy: isRecoverable ? `${words.remedy} Or set enabled = false for ${server.name}.` : words.remedy,
    fields: [server.label],
  });
}

function wordsOf(problem: McpProblem, server: string): Words {
  const table = `[mcp_servers.${server}]`;
  switch (problem.kind) {
    case 'refused':
      return refusalWords(problem.refusal, table);
    case 'name':
      return {
        class: 'invalid_value',
        cause: 'its name holds characters that the agent does not take, so it is not started',
        measured: 'a name with other characters',
        expected: 'letters, digits, _ and -',
        remedy: `Rename ${table}.`,
      };
    case 'unknown_key':
      return {
        class: 'unknown_key',
        cause: `the agent passes over ${problem.key}`,
        measured: problem.key,
        expected: 'keys that the agent knows',
        remedy: `Correct or remove ${problem.key} under ${table}.`,
      };
    case 'command':
      return commandWords(problem, table);
    case 'folder':
      return {
        class:
          problem.state === 'denied'
            ? 'permissions'
            : problem.state === 'missing' || problem.state === 'dangling'
              ? 'missing'
              : 'wrong_type',
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

const refused = (cause: string, measured: string, expected: string, remedy: string): Words => ({
  class: 'invalid_value',
  cause: `${cause}, so the agent refuses its whole configuration`,
  measured,
  expected,
  remedy,
});

function refusalWords(refusal: McpRefusal, table: string): Words {
  switch (refusal.kind) {
    case 'not_a_table':
      return refused('it is not a table', 'a single value', 'a table', `Write it as ${table}.`);
    case 'no_transport':
      return refused(
        'it has neither command nor url',
        'neither',
        'one of them',
        `Set command or url under ${table}.`,
      );
    case 'two_transports':
      return refused(
        'it has both command and url',
        'both',
        'one of them',
        `Remove command or url under ${table}.`,
      );
    case 'unsupported_key':
      return refused(
        `${refusal.key} does not go with its transport`,
        refusal.key,
        'keys of one transport',
        refusal.key === 'bearer_token'
          ? `Put the token into a variable and name it by bearer_token_env_var under ${table}.`
          : `Remove ${refusal.key} under ${table}.`,
      );
    case 'wrong_type':
      return refused(
        `${refusal.key} is not ${refusal.expected}`,
        'a value of another type',
        refusal.expected,
        `Correct ${refusal.key} under ${table}.`,
      );
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
      const home = command.startsWith('~') ? ' The agent does not expand ~.' : '';
      return {
        class:
          state === 'missing' || state === 'dangling'
            ? 'missing'
            : state === 'not_a_file' || state === 'loop'
              ? 'wrong_type'
              : 'permissions',
        cause: `its command ${path} is ${wordOfState(state)}`,
        measured: `${path} (${state})`,
        expected,
        remedy: `${state === 'not_executable' ? `Make ${path} executable` : `Put the program at ${path}`}, or correct command under ${table}.${home}`,
      };
    }
  }
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
