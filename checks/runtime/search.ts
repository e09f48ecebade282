import { conclude, defineCheck, idle, skip, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import { helperFault, whyNotRun } from '../../src/doctor/helper-fault.ts';
import { firstLine } from '../../src/host/first-line.ts';
import type { ProcessRun } from '../../src/host/process.ts';
import { findSearchTool } from '../../src/target/search-tool.ts';
import type { SearchTool } from '../../src/target/search-tool.ts';

interface Seen {
  readonly tool: SearchTool;
  /** What `rg --version` did. */
  readonly run: ProcessRun;
}

export default defineCheck<Seen>({
  id: 'runtime.search',
  section: 'Environment',
  category: 'search',
  title: 'The search command works',
  budgetMs: 3_000,
  probe: async (context) => {
    const tool = findSearchTool(context.target, context.files);
    if (tool.path === undefined) return { tool, run: { kind: 'not_found' } };
    context.waitingFor(`${tool.path} --version`);
    return { tool, run: await context.helpers.run(tool.path, ['--version']) };
  },
  judge: ({ tool, run }) => {
    const { provider, path, onPath, ignoredElements } = tool;
    if (path === undefined && tool.isAgentIncomplete)
      return skip({
        because: 'installation',
        summary: 'not looked at: the package that brings the search command along is missing or incomplete',
      });
    if (path === undefined && tool.isOptional)
      return idle({ summary: 'no search command (ripgrep) is installed; the agent works without one' });
    const version = versionOf(run);
    const issue = issueOf(tool, run);
    const why = whyNotRun(run);
    const readiness = issue?.measured ?? (path === undefined ? UNKNOWN : why ? `found; ${why}` : 'works');
    return conclude({
      summary:
        version === undefined ? `ripgrep (${provider}) ${readiness}` : `ripgrep ${version} (${provider})`,
      details: {
        'search command': path ?? 'rg',
        'search provider': provider,
        'search version': version,
        'search command readiness': readiness,
        'PATH rg entries': onPath.map((entry) => entry.path),
        'ignored PATH elements': ignoredElements.length === 0 ? undefined : ignoredElements,
      },
      issues: issue ? [issue] : [],
    });
  },
});

const UNKNOWN = 'not on PATH; what the agent brings along cannot be told';
const EXPECTED = '`rg --version` prints its version and ends with code 0';

function issueOf(tool: SearchTool, run: ProcessRun): VerdictIssue | undefined {
  const { path, provider } = tool;
  if (path === undefined) return tool.isAgentUnknown ? undefined : missing(tool);
  const fault = helperFault(run);
  if (fault)
    return warn({
      class: fault.class,
      cause: `the search command ${path} ${fault.what}`,
      measured: fault.measured,
      expected: EXPECTED,
      remedy:
        provider === 'bundled'
          ? `Reinstall the agent: its package brings ${path} along.`
          : `Reinstall ripgrep with the package manager that put it at ${path}.`,
      fields: ['search command readiness'],
      failure: fault.failure,
    });
  if (run.kind === 'exited' && versionOf(run) === undefined)
    return warn({
      class: 'mismatch',
      cause: `${path} is another program than ripgrep`,
      measured: `answers ${firstLine(run.stdout) || 'nothing'}`,
      expected: EXPECTED,
      remedy: `Remove or rename ${path}, or put the folder of ripgrep before it in PATH.`,
      fields: ['search command readiness'],
    });
  return undefined;
}

function missing({ onPath }: SearchTool): VerdictIssue {
  const [unusable] = onPath;
  const isForbidden = unusable?.state === 'not_executable';
  return warn({
    class: isForbidden ? 'permissions' : 'missing',
    cause: isForbidden
      ? `the search command ${unusable.path} is not executable`
      : 'no search command (ripgrep) was found',
    measured: unusable ? `only ${unusable.path}, which is ${STATES[unusable.state]}` : 'not found',
    expected: "rg in the agent's package or on PATH",
    remedy: isForbidden
      ? `Make it executable: chmod +x ${unusable.path}`
      : 'Install ripgrep, or reinstall the agent, whose package brings it along.',
    fields: ['search command readiness', 'PATH rg entries'],
  });
}

const STATES = {
  executable: 'executable',
  not_executable: 'not executable',
  not_a_file: 'no file',
  dangling: 'a link that leads nowhere',
  unreadable: 'out of reach for this account',
} as const;

const versionOf = (run: ProcessRun): string | undefined =>
  run.kind === 'exited' && run.exitCode === 0 ? /^ripgrep (\S+)/.exec(run.stdout)?.[1] : undefined;
