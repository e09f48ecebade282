import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { ToolListing } from '../../../src/mcp/outcome.ts';
import { visibleInOneLine } from '../../../src/redact/control.ts';
import { faultWords } from './fault-words.ts';
import type { Failed } from './fault-words.ts';
import { httpWords } from './http-words.ts';
import { inQuotes } from './output-words.ts';
import type { Words } from './words.ts';
import { labelOf, outcomeOf } from './details.ts';
import type { AskedOverHttp, AskedOverStdio, CredentialProblem, SeenServer } from './evidence.ts';

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

/** More names than this make a row that nobody reads. */
const MAX_NAMES = 5;

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
