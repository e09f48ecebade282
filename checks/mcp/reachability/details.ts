import type { DetailValue } from '../../../src/doctor/report.ts';
import type { McpOutcome } from '../../../src/mcp/outcome.ts';
import type { ReasonToLeave, SeenServer } from './evidence.ts';

/** Names that the agent starts cannot end another row's label; all others stand in quotes. */
export const labelOf = (name: string): string =>
  `server ${/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)}`;

export function detailsOf(server: SeenServer): Record<string, DetailValue | undefined> {
  const label = labelOf(server.name);
  const { state } = server;
  const base = { [label]: stateOf(server), [`${label}: transport`]: server.transport };
  if (state.kind === 'left' || state.kind === 'unaskable') return base;
  const outcome = outcomeOf(state);
  const output = state.kind === 'stdio' ? state.observation : undefined;
  const tools = outcome.kind === 'connected' ? outcome.tools : undefined;
  return {
    ...base,
    ...(outcome.kind === 'connected' && {
      [`${label}: implementation`]: `${outcome.server.name} ${outcome.server.version}`.trim(),
      [`${label}: protocol version`]: outcome.server.protocolVersion,
      [`${label}: capabilities`]: outcome.server.capabilities,
      [`${label}: initialize ms`]: outcome.initializeMs,
    }),
    ...(tools?.kind === 'listed' && {
      [`${label}: tools`]: tools.names.length,
      [`${label}: tools used`]: usedTools(server, tools.names),
      [`${label}: tools/list ms`]: tools.durationMs,
    }),
    ...(output && {
      [`${label}: stray output`]: output.strayOutput === '' ? undefined : output.strayOutput,
      // A healthy server's first bytes are its answer, which the rows above tell.
      [`${label}: first output`]:
        outcome.kind === 'connected' || output.stdoutStart === '' ? undefined : output.stdoutStart,
      [`${label}: stderr`]: output.stderrTail.length === 0 ? undefined : output.stderrTail,
    }),
  };
}

/** How many are left for the model; undefined where nothing is configured about it. */
function usedTools(
  { enabledTools, disabledTools }: SeenServer,
  offered: readonly string[],
): number | undefined {
  if (enabledTools === undefined && disabledTools.length === 0) return undefined;
  return offered.filter((name) => (enabledTools?.includes(name) ?? true) && !disabledTools.includes(name))
    .length;
}

/** What came of the conversation, whichever way it went. */
export const outcomeOf = (state: Extract<SeenServer['state'], { kind: 'http' | 'stdio' }>): McpOutcome =>
  state.kind === 'http' ? state.outcome : state.observation.outcome;

function stateOf({ state }: SeenServer): string {
  if (state.kind === 'left') return reasonInWords(state.why);
  if (state.kind === 'unaskable')
    return state.problem.kind === 'expired' ? 'login expired' : 'token cannot be sent';
  const outcome = outcomeOf(state);
  if (outcome.kind !== 'connected') return STATES[outcome.kind];
  return outcome.tools.kind === 'listed' ? 'connected' : `connected, tools ${STATES[outcome.tools.kind]}`;
}

const STATES: Readonly<Record<Exclude<McpOutcome['kind'], 'connected'>, string>> = {
  rpc_error: 'refused',
  unknown_version: 'unknown protocol version',
  malformed: 'not MCP',
  silent: 'no answer',
  flooded: 'too much output',
  closed: 'connection closed',
  aborted: 'stopped before it answered',
  http: 'not reached',
  exited: 'ended early',
  spawn_failed: 'not started',
};

/** Goes on from the server's name or from a number of servers. */
export function reasonInWords(why: ReasonToLeave): string {
  switch (why.kind) {
    case 'see':
      return `not asked, see ${why.check}`;
    case 'deep_only':
      return 'started under --deep only';
    case 'no_exec':
      return 'not started, because of --no-exec';
    case 'late':
      return 'not asked in time';
    case 'agent_credential':
      return `not asked: its credential (${why.credential}) is the agent’s own`;
    case 'bad_port':
      return 'not asked: its port is one that web clients must not use';
    case 'to_be_renewed':
      return 'not asked: the agent would renew its login first';
  }
}
