import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { McpFault, ToolListing } from '../../../src/mcp/outcome.ts';
import { visibleInOneLine } from '../../../src/redact/control.ts';
import { httpWords } from './http-words.ts';
import { labelOf, outcomeOf } from './details.ts';
import type { AskedOverHttp, AskedOverStdio, CredentialProblem, SeenServer } from './evidence.ts';

/** What an issue of one server says; the cause goes on from `MCP server <name> `. */
export interface Words {
  readonly class: FailureClass;
  readonly cause: string;
  readonly measured: string;
  readonly expected: string;
  readonly remedy: string;
  readonly command?: string;
  readonly failure?: VerdictIssue['failure'];
}

export interface ServerIssue {
  readonly issue: VerdictIssue;
  /** Another check that reports the fault itself. */
  readonly causedBy?: string;
}

/** A required server that cannot be used stops the agent; an optional one costs its tools. */
export function issuesOf(server: SeenServer): readonly ServerIssue[] {
  const { state } = server;
  if (state.kind === 'left') return [];
  if (state.kind === 'unaskable') return [issueOf(server, credentialWords(state.problem))];
  const outcome = outcomeOf(state);
  const fault =
    outcome.kind !== 'connected' ? outcome : outcome.tools.kind === 'listed' ? undefined : outcome.tools;
  const stage = outcome.kind === 'connected' ? 'tools/list' : 'initialize';
  const faults = fault ? [faultIssue(server, state, { fault, stage })] : [];
  const unknown = outcome.kind === 'connected' ? unknownTools(server, outcome.tools) : [];
  const isNoisy = state.kind === 'stdio' && state.observation.strayOutput !== '';
  return [
    ...faults,
    ...(isNoisy && !fault ? [strayIssue(server, state)] : []),
    ...(unknown.length > 0 ? [unknownToolsIssue(server, unknown)] : []),
  ];
}

interface Failed {
  readonly fault: McpFault;
  readonly stage: 'initialize' | 'tools/list';
}

function faultIssue(
  server: SeenServer,
  state: AskedOverHttp | AskedOverStdio,
  { fault, stage }: Failed,
): ServerIssue {
  if (fault.kind === 'http' && state.kind === 'http') {
    const { causedBy, ...words } = httpWords(server, state, fault);
    return { ...issueOf(server, words), ...(causedBy !== undefined && { causedBy }) };
  }
  const words = faultWords(server, state, { fault, stage });
  // The agent goes on whatever the version, and waits longer than we do.
  const isUndecided =
    fault.kind === 'unknown_version' ||
    fault.kind === 'aborted' ||
    (fault.kind === 'silent' && state.kind === 'stdio' && state.limitMs < server.startupTimeoutMs);
  return issueOf(isUndecided ? { ...server, required: false } : server, words);
}

function issueOf(server: SeenServer, { failure, command, ...words }: Words): ServerIssue {
  const severity = server.required ? fail : warn;
  return {
    issue: severity({
      ...words,
      cause: `MCP server ${server.name} ${words.cause}`,
      fields: [labelOf(server.name)],
      ...(command !== undefined && { command }),
      ...(failure && { failure }),
    }),
  };
}

function faultWords(
  server: SeenServer,
  state: AskedOverHttp | AskedOverStdio,
  { fault, stage }: Failed,
): Words {
  const expected = stage === 'initialize' ? 'an answer to initialize' : 'a list of tools';
  const output = state.kind === 'stdio' ? outputOf(state) : '';
  const look =
    state.kind === 'http'
      ? 'Look into the log of that server'
      : hasComplained(state)
        ? 'Look into its stderr in the details'
        : 'Run its command by hand in a terminal';
  switch (fault.kind) {
    case 'rpc_error':
      return {
        class: 'protocol',
        cause: `refuses ${stage}: ${fault.message}`,
        measured: `JSON-RPC error ${fault.code}`,
        expected,
        remedy: `Do what the server’s message asks for. ${look}.`,
      };
    case 'unknown_version':
      return {
        class: 'protocol',
        cause: `speaks a revision of MCP that is not known, ${fault.protocolVersion}`,
        measured: `protocolVersion ${fault.protocolVersion}`,
        expected: 'the offered revision or another published one',
        remedy:
          'Update the server, or use a version of it that speaks a published revision. The agent goes on regardless; other clients do not.',
      };
    case 'malformed':
      return {
        class: 'protocol',
        cause: `does not speak MCP: to ${stage}, ${fault.problem}`,
        measured: `${fault.problem}${output}`,
        expected,
        remedy:
          state.kind === 'stdio'
            ? 'Check that command and args start the MCP server itself, and update it.'
            : 'Check that url is the address of the MCP server itself, often ending in /mcp, and update the server.',
      };
    case 'silent':
      return silenceWords(server, state, { fault, expected, stage });
    case 'flooded':
      return {
        class: state.kind === 'stdio' ? 'noise' : 'protocol',
        cause: `sends more than anybody reads instead of an answer to ${stage}`,
        measured: `more than ${fault.limitBytes} bytes${output}`,
        expected,
        remedy:
          state.kind === 'stdio'
            ? 'Make the program log to stderr or a file: stdout belongs to the protocol.'
            : 'Check that url is the address of the MCP server itself.',
      };
    case 'exited':
      return {
        class: 'exit',
        cause: `ended before it answered ${stage}${complaintOf(state)}`,
        measured: `${fault.signal === undefined ? `exit code ${fault.exitCode ?? 'unknown'}` : fault.signal}${output}`,
        expected: 'a program that stays until its input ends',
        remedy: `Run its command by hand in a terminal, where it ends by itself, too${
          hasComplained(state) ? '; what it said last is in the details' : ''
        }.`,
      };
    case 'spawn_failed':
      return {
        class: 'spawn',
        cause: `cannot be started (${fault.code})`,
        measured: fault.code,
        expected: 'a program that starts',
        remedy: spawnRemedy(fault.code),
        failure: {
          class: 'spawn',
          phase: 'process',
          code: fault.code,
          message: 'the program cannot be started',
        },
      };
    case 'closed':
      return {
        class: 'closed',
        cause: `ends the conversation instead of answering ${stage}`,
        measured: 'the stream ended without an answer',
        expected,
        remedy: `${look}.`,
      };
    case 'aborted':
      return {
        class: 'timeout',
        cause: 'did not answer before the examination was stopped',
        measured: 'no answer so far',
        expected,
        remedy: 'Run the doctor again with more time.',
      };
    case 'http':
      throw new TypeError('a program does not answer over HTTP');
  }
}

function silenceWords(
  server: SeenServer,
  state: AskedOverHttp | AskedOverStdio,
  {
    fault,
    expected,
    stage,
  }: { fault: Extract<McpFault, { kind: 'silent' }>; expected: string; stage: string },
): Words {
  const seconds = server.startupTimeoutMs / 1_000;
  const measured = `nothing within ${fault.afterMs} ms`;
  if (state.kind === 'http')
    return {
      class: 'timeout',
      cause: `does not answer ${stage}`,
      measured,
      expected,
      remedy: `Check that the server runs and is not stuck; the agent waits ${seconds} s for it at every start.`,
      failure: { class: 'timeout', phase: 'http', message: `no answer to ${stage}` },
    };
  const { strayOutput } = state.observation;
  if (strayOutput !== '')
    return {
      class: 'noise',
      cause: `prints other text than MCP on stdout and does not answer ${stage}: ${inQuotes(strayOutput)}`,
      measured: `${measured} but ${inQuotes(strayOutput)}`,
      expected,
      remedy:
        'Check that command and args start the server in its stdio mode. Whatever it logs belongs on stderr: stdout is the protocol’s.',
    };
  return {
    class: 'timeout',
    cause: `does not answer ${stage}${complaintOf(state)}`,
    measured: `${measured}${outputOf(state)}`,
    expected,
    remedy:
      state.limitMs < server.startupTimeoutMs
        ? `The agent waits ${seconds} s. If the first start has to install something, run its command once by hand${
            hasComplained(state) ? '; otherwise look into its stderr in the details' : ''
          }.`
        : 'Run its command by hand: what takes so long? If it needs the time, raise startup_timeout_sec for it.',
    failure: { class: 'timeout', phase: 'process', message: `no answer to ${stage}` },
  };
}

/** A working server whose log goes where the protocol should be alone. */
function strayIssue(server: SeenServer, { observation }: AskedOverStdio): ServerIssue {
  const words: Words = {
    class: 'noise',
    cause: `prints other text than MCP on stdout: ${inQuotes(observation.strayOutput)}`,
    measured: inQuotes(observation.strayOutput),
    expected: 'nothing on stdout but messages of the protocol',
    remedy:
      'Make it log to stderr. The agent skips such lines; a line in the middle of a message would end the connection.',
  };
  return issueOf({ ...server, required: false }, words);
}

const unknownTools = ({ enabledTools = [] }: SeenServer, tools: ToolListing): readonly string[] =>
  tools.kind === 'listed' ? enabledTools.filter((name) => !tools.names.includes(name)) : [];

/** A name that matches nothing is passed over in silence by the agent. */
function unknownToolsIssue(server: SeenServer, unknown: readonly string[]): ServerIssue {
  const names = visibleInOneLine(unknown.slice(0, MAX_NAMES).join(', '));
  const words: Words = {
    class: 'mismatch',
    cause: `has no tool ${names}, which enabled_tools names`,
    measured: `${unknown.length} of the names in enabled_tools match no tool`,
    expected: 'names as tools/list gives them',
    remedy: `Correct enabled_tools under [mcp_servers.${server.name}].`,
  };
  return issueOf({ ...server, required: false }, words);
}

function credentialWords(problem: CredentialProblem): Words {
  return problem.kind === 'expired'
    ? {
        class: 'expired',
        cause: 'has a stored login that has expired and cannot be renewed',
        measured: 'an expired token without a refresh token',
        expected: 'a login that is valid or can be renewed',
        remedy: `Run \`${problem.loginCommand}\`.`,
        command: problem.loginCommand,
      }
    : {
        class: 'invalid_value',
        cause: `gets no request: ${problem.variable}, named by bearer_token_env_var, holds characters that no header may have`,
        measured: 'a line break or another control character',
        expected: 'a token on one line',
        remedy: `Set ${problem.variable} again without line breaks; reading it from a file often adds one.`,
      };
}

const MAX_NAMES = 5;
const MAX_QUOTE_LENGTH = 120;

function inQuotes(text: string): string {
  const [line = ''] = text.trim().split('\n');
  const isCut = line.length > MAX_QUOTE_LENGTH || text.trim().includes('\n');
  return `“${line.slice(0, MAX_QUOTE_LENGTH)}${isCut ? ' …' : ''}”`;
}

/** What the program printed, for `measured`. */
function outputOf({ observation: { stdoutStart, stderrTail } }: AskedOverStdio): string {
  const stdout = stdoutStart === '' ? 'nothing on stdout' : `stdout began with ${inQuotes(stdoutStart)}`;
  const last = stderrTail.at(-1);
  return `; ${stdout}; ${last === undefined ? 'nothing on stderr' : `stderr ended with ${inQuotes(last)}`}`;
}

const hasComplained = (state: AskedOverHttp | AskedOverStdio): boolean =>
  state.kind === 'stdio' && state.observation.stderrTail.length > 0;

function complaintOf(state: AskedOverHttp | AskedOverStdio): string {
  const complaint = state.kind === 'stdio' ? state.observation.complaint : '';
  return complaint === '' ? '' : `: ${inQuotes(complaint)}`;
}

function spawnRemedy(code: string): string {
  switch (code) {
    case 'ENOEXEC':
      return 'Give the script a first line such as #!/usr/bin/env node, or start its interpreter as command.';
    case 'ENOENT':
      return 'Check the first line of the script: its interpreter is not there.';
    case 'EACCES':
      return 'Make the program executable, and its interpreter, too; check that its file system allows programs.';
    default:
      return 'Run its command by hand to see why it does not start.';
  }
}
