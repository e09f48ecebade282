import type { McpFault } from '../../../src/mcp/outcome.ts';
import type { AskedOverHttp, AskedOverStdio, SeenServer } from './evidence.ts';
import { complaintOf, hasComplained, inQuotes, outputOf } from './output-words.ts';
import type { Words } from './words.ts';

/** What went wrong, and with which of the two questions. */
export interface Failed {
  readonly fault: McpFault;
  readonly stage: 'initialize' | 'tools/list';
}

/** What a fault means for this server; answers over HTTP have words of their own. */
export function faultWords(
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
