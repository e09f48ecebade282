import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { Note } from '../../src/doctor/report.ts';
import { visibleInOneLine } from '../../src/redact/control.ts';
import type { McpServer } from '../../src/target/mcp/facts.ts';
import { findProblems } from './config/problems.ts';
import { hidesServers, isRefused } from './config/refused.ts';
import { planFor } from './reachability/ask.ts';
import type { Plan } from './reachability/ask.ts';
import { detailsOf, outcomeOf, reasonInWords } from './reachability/details.ts';
import type { SeenServer, ServerState } from './reachability/evidence.ts';
import { issuesOf } from './reachability/issues.ts';
import { askInTime, SCHEDULE } from './reachability/schedule.ts';

interface Evidence {
  /** The configuration is broken in a way that can keep servers from view. */
  readonly mayHideServers: boolean;
  /** Those that are switched on, by name. */
  readonly servers: readonly SeenServer[];
}

export default defineCheck({
  id: 'mcp.reachability',
  section: 'Connectivity',
  category: 'mcp',
  title: 'Every enabled MCP server answers and lists its tools',
  budgetMs: 9_500,
  network: true,
  async probe(context): Promise<Evidence> {
    const { problems } = context.target.config();
    const enabled = context.target.mcp().servers.filter((server) => server.enabled);
    return { mayHideServers: problems.some(hidesServers), servers: await look(enabled, context) };
  },
  judge({ mayHideServers, servers }) {
    if (servers.length === 0)
      return mayHideServers
        ? skip({ because: 'config.load', summary: 'not looked at: the configuration cannot be read' })
        : idle({ summary: 'no MCP server is switched on' });
    const asked = servers.filter(({ state }) => state.kind !== 'left');
    return asked.length === 0 ? nothingAsked(servers) : judgeAnswers(servers, asked);
  },
});

async function look(servers: readonly McpServer[], context: CheckContext): Promise<SeenServer[]> {
  const plans = servers.map((server) => ({ server, plan: planOf(server, context) }));
  const waiting = new Set<string>();
  const states = await askInTime(
    plans,
    async ({ server: { name }, plan }, timeoutMs) => {
      if (plan.kind === 'settled') return plan.state;
      waiting.add(visibleInOneLine(name));
      context.waitingFor(`MCP ${[...waiting].join(', ')}`);
      const state = await plan.ask(timeoutMs);
      waiting.delete(visibleInOneLine(name));
      return inTime(state, timeoutMs);
    },
    { schedule: SCHEDULE, elapsedMs: () => context.clock.elapsed() },
  );
  return plans.map(({ server, plan }, index) => ({
    name: visibleInOneLine(server.name),
    required: server.required,
    transport: server.transport.kind,
    startupTimeoutMs: server.startupTimeoutMs,
    enabledTools: server.enabledTools,
    disabledTools: server.disabledTools,
    state: states[index] ?? (plan.kind === 'settled' ? plan.state : LATE),
  }));
}

const LATE: ServerState = { kind: 'left', why: { kind: 'late' } };

/** A silence in less time than a server usually gets says nothing of the server. */
function inTime(state: ServerState, timeoutMs: number): ServerState {
  if (state.kind === 'left' || state.kind === 'unaskable') return state;
  const wasCutShort = timeoutMs < SCHEDULE.perServerMs && state.limitMs === timeoutMs;
  return wasCutShort && outcomeOf(state).kind === 'silent' ? LATE : state;
}

const see = (check: 'config.load' | 'mcp.config'): Plan => ({
  kind: 'settled',
  state: { kind: 'left', why: { kind: 'see', check } },
});

function planOf(server: McpServer, context: CheckContext): Plan {
  if (isRefused(server.name, context.target.config().problems)) return see('config.load');
  // A secret in the wrong place does not keep the server from working.
  if (findProblems(server, context).some(({ kind }) => kind !== 'secret')) return see('mcp.config');
  return planFor(server, context);
}

function nothingAsked(servers: readonly SeenServer[]): Verdict {
  const details = allDetails(servers);
  const faulty = servers.flatMap(({ state }) =>
    state.kind === 'left' && state.why.kind === 'see' ? [state.why.check] : [],
  );
  const [because] = faulty;
  if (because !== undefined && faulty.length === servers.length)
    return skip({ because, summary: `not asked: ${because} reports what is wrong`, details });
  return idle({ summary: `nothing to ask: ${reasonsOf(servers)}`, details });
}

function judgeAnswers(servers: readonly SeenServer[], asked: readonly SeenServer[]): Verdict {
  const found = asked.map((server) => ({ server, issues: issuesOf(server) }));
  const issues = found.flatMap((one) => one.issues);
  const troubled = found.filter((one) => one.issues.length > 0).map((one) => one.server);
  const optional = troubled.filter(({ required }) => !required);
  const causes = new Set(issues.map(({ causedBy }) => causedBy));
  const left = reasonsOf(servers);
  return conclude({
    summary: `${asked.length} of ${servers.length} asked, each lists its tools${left === '' ? '' : ` (${left})`}`,
    details: allDetails(servers),
    issues: issues.map(({ issue }) => issue),
    notes: [
      ...(optional.length > 0
        ? [
            {
              kind: 'warning' as const,
              text: `optional MCP servers with trouble: ${optional.map(({ name }) => name).join(', ')}`,
            },
          ]
        : []),
      ...asked.flatMap(adviceFor),
    ],
    // Only where it explains everything; one row has one cause.
    causedBy: causes.size === 1 ? [...causes][0] : undefined,
  });
}

const allDetails = (servers: readonly SeenServer[]): ReturnType<typeof detailsOf> =>
  Object.assign({}, ...servers.map(detailsOf)) as ReturnType<typeof detailsOf>;

/** What was left out and why, such as `2 started under --deep only`. */
function reasonsOf(servers: readonly SeenServer[]): string {
  const reasons = new Map<string, number>();
  for (const server of servers) {
    if (server.state.kind !== 'left') continue;
    const reason = reasonInWords(server.state.why);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

/** A start that takes more than half of what it may take fails on a slow day. */
function adviceFor({ name, state, startupTimeoutMs }: SeenServer): Omit<Note, 'check'>[] {
  if (state.kind !== 'stdio') return [];
  const outcome = outcomeOf(state);
  if (outcome.kind !== 'connected' || outcome.initializeMs <= startupTimeoutMs / 2) return [];
  const seconds = Math.ceil((outcome.initializeMs * 3) / 1_000);
  return [
    {
      kind: 'info',
      text: `MCP server ${name} took ${outcome.initializeMs} of its ${startupTimeoutMs} ms to start; startup_timeout_sec = ${seconds} would leave room`,
    },
  ];
}
