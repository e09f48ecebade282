import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { visibleInOneLine } from '../../src/redact/control.ts';
import { describeArguments, describeUrl } from '../../src/redact/places.ts';
import type { ConfigProblem } from '../../src/target/config/facts.ts';
import type { McpServer, McpTransport } from '../../src/target/mcp/facts.ts';
import { issueOf } from './config/issue.ts';
import { findProblems } from './config/problems.ts';
import type { McpProblem } from './config/problems.ts';
import { hidesServers, isRefused } from './config/refused.ts';

/** A command line is shown to be recognised, not to be run from the report. */
const MAX_DESCRIPTION_LENGTH = 300;

interface SeenServer {
  /** As it may be shown. */
  readonly name: string;
  readonly enabled: boolean;
  readonly required: boolean;
  readonly transport: 'stdio' | 'streamable_http' | 'none';
  /** Command line or URL without what may be secret. */
  readonly description: string;
  /** The agent refuses its configuration because of this server; `config.load` says why. */
  readonly refused: boolean;
  readonly problems: readonly McpProblem[];
}

interface Evidence {
  /** The configuration is broken in a way that can keep servers from view. */
  readonly mayHideServers: boolean;
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
      mayHideServers: problems.some(hidesServers),
      servers: context.target.mcp().servers.map((server) => look(server, context, problems)),
    };
  },
  judge({ mayHideServers, servers }) {
    if (servers.length === 0)
      return mayHideServers
        ? skip({ because: 'config.load', summary: 'not looked at: the configuration cannot be read' })
        : idle({ summary: 'no MCP server is configured' });
    const enabled = servers.filter((server) => server.enabled && !server.refused);
    const refused = servers.filter((server) => server.refused);
    const optional = enabled.filter((server) => server.problems.length > 0 && !server.required);
    const count = (kind: SeenServer['transport']): number =>
      servers.filter((server) => server.transport === kind).length;
    const details = {
      'configured servers': servers.length,
      'disabled servers': servers.filter((server) => !server.enabled).length,
      'stdio servers': count('stdio'),
      'streamable_http servers': count('streamable_http'),
      ...Object.fromEntries(servers.map((server) => [labelOf(server), describe(server)])),
    };
    const issues = enabled.flatMap((server) =>
      server.problems.map((problem) => issueOf({ ...server, label: labelOf(server) }, problem)),
    );
    if (refused.length > 0 && issues.length === 0)
      return skip({
        because: 'config.load',
        summary: `not judged: the agent refuses the configuration of ${refused.map(({ name }) => name).join(', ')}`,
        details,
      });
    return conclude({
      summary:
        enabled.length === 0
          ? `${servers.length} configured, all switched off`
          : `${enabled.length} of ${servers.length} switched on, each resolvable`,
      details,
      issues,
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
  const refused = isRefused(name, known);
  return {
    name: visibleInOneLine(name),
    enabled,
    required,
    transport: transport.kind,
    description: shortened(descriptionOf(transport)),
    refused,
    problems: enabled && !refused ? findProblems(server, context) : [],
  };
}

function descriptionOf(transport: McpTransport): string {
  switch (transport.kind) {
    case 'stdio':
      return describeArguments([transport.command, ...transport.args]).join(' ');
    case 'streamable_http':
      return visibleInOneLine(describeUrl(transport.url));
    case 'none':
      return '';
  }
}

const shortened = (text: string): string =>
  text.length > MAX_DESCRIPTION_LENGTH ? `${text.slice(0, MAX_DESCRIPTION_LENGTH)}…` : text;

const labelOf = ({ name }: SeenServer): string => `server ${name}`;

function describe({ enabled, required, transport, description, refused }: SeenServer): string {
  if (refused) return 'refused, see config.load';
  const state = enabled ? (required ? 'required, ' : '') : 'disabled, ';
  return `${state}${transport === 'none' ? 'no transport' : `${transport}: ${description}`}`;
}
