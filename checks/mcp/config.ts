import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { visibleInOneLine } from '../../src/redact/control.ts';
import { describeArguments, describeUrl } from '../../src/redact/places.ts';
import type { ConfigProblem } from '../../src/target/config/facts.ts';
import type { McpServer } from '../../src/target/mcp/facts.ts';
import { issueOf } from './config/issue.ts';
import { findProblems } from './config/problems.ts';
import type { McpProblem } from './config/problems.ts';

interface SeenServer {
  /** As it may be shown. */
  readonly name: string;
  readonly enabled: boolean;
  readonly required: boolean;
  readonly transport: 'stdio' | 'streamable_http' | 'none';
  /** Command line or URL without what may be secret. */
  readonly description: string;
  readonly problems: readonly McpProblem[];
}

interface Evidence {
  readonly configIsBroken: boolean;
  readonly servers: readonly SeenServer[];
}

export default defineCheck({
  id: 'mcp.config',
  section: 'Configuration',
  category: 'mcp',
  title: 'Every enabled MCP server can be started or addressed as configured',
  budgetMs: 3_000,
  probe(context): Evidence {
    const problems = context.target.config().problems;
    return {
      configIsBroken: problems.some((problem) => problem.fatal),
      servers: context.target.mcp().servers.map((server) => look(server, context, problems)),
    };
  },
  judge({ configIsBroken, servers }) {
    if (servers.length === 0)
      return configIsBroken
        ? skip({ because: 'config.load', summary: 'not looked at: the configuration cannot be read' })
        : idle({ summary: 'no MCP server is configured' });
    const enabled = servers.filter((server) => server.enabled);
    const optional = enabled.filter((server) => server.problems.length > 0 && !server.required);
    const count = (kind: SeenServer['transport']): number =>
      servers.filter((server) => server.transport === kind).length;
    return conclude({
      summary:
        enabled.length === 0
          ? `${servers.length} configured, all switched off`
          : `${enabled.length} of ${servers.length} switched on, each resolvable`,
      details: {
        'configured servers': servers.length,
        'disabled servers': servers.length - enabled.length,
        'stdio servers': count('stdio'),
        'streamable_http servers': count('streamable_http'),
        ...Object.fromEntries(servers.map((server) => [labelOf(server), describe(server)])),
      },
      issues: servers.flatMap((server) =>
        server.problems.map((problem) => issueOf({ ...server, label: labelOf(server) }, problem)),
      ),
      notes:
        optional.length > 0
          ? [
              {
                kind: 'warning',
                text: `optional MCP servers with trouble: ${optional.map(({ name }) => name).join(', ')}`,
              },
            ]
          : [],
    });
  },
});

function look(server: McpServer, context: CheckContext, known: readonly ConfigProblem[]): SeenServer {
  const { name, enabled, required, transport } = server;
  // What config.load already reports about this server is not reported a second time.
  const told = known.filter(
    ({ keyPath }) => keyPath === `mcp_servers.${name}` || keyPath?.startsWith(`mcp_servers.${name}.`),
  );
  const isTold = (problem: McpProblem): boolean =>
    problem.kind === 'refused'
      ? told.some(({ fatal }) => fatal)
      : problem.kind === 'unknown_key' && told.some(({ keyPath }) => keyPath?.endsWith(`.${problem.key}`));
  return {
    name: visibleInOneLine(name),
    enabled,
    required,
    transport: transport.kind,
    description:
      transport.kind === 'stdio'
        ? describeArguments([transport.command, ...transport.args]).join(' ')
        : transport.kind === 'streamable_http'
          ? visibleInOneLine(describeUrl(transport.url))
          : '',
    // A server that is switched off is not judged, but what makes the agent refuse its configuration still does.
    problems: findProblems(server, context).filter(
      (problem) => (enabled || problem.kind === 'refused') && !isTold(problem),
    ),
  };
}

const labelOf = ({ name }: SeenServer): string => `server ${name}`;

function describe({ enabled, required, transport, description }: SeenServer): string {
  const state = enabled ? (required ? 'required, ' : '') : 'disabled, ';
  return `${state}${transport === 'none' ? 'no transport' : `${transport}: ${description}`}`;
}
