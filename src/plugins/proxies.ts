import type { Check, Verdict } from '../doctor/check.ts';
import type { Details } from '../doctor/report.ts';
import type { Format } from '../../reporters/reporter.ts';
import type { Answer } from './ask-process.ts';
import type { Manifest, OfferedCheck } from './manifest.ts';
import type { PrintedOutput } from './output.ts';
import type { PluginHost } from './plugin-host.ts';
import { readVerdict } from './verdict.ts';

/** The deadline of the run ends what its own budget does not, which is counted where the probe runs. */
const UNBOUNDED_MS = 24 * 60 * 60 * 1_000;
/** A page for each check of the largest report is a few megabytes. */
const RENDER_BYTES = 64 * 1024 * 1024;

export const titleOf = ({ name, version }: Pick<Manifest, 'name' | 'version'>): string =>
  version === undefined ? name : `${name} ${version}`;

/** A check that is probed and judged in the plugin's process; what comes back is looked at here. */
export function proxyCheck(offered: OfferedCheck, plugin: string, host: PluginHost): Check<Answer> {
  const { budgetMs, docs = 'docs/plugins.md', ...rest } = offered;
  return {
    ...rest,
    docs,
    budgetMs: UNBOUNDED_MS,
    probe: (context) =>
      host.ask(
        { kind: 'check', id: offered.id, context: context.options },
        { budgetMs, signal: context.signal, onWaiting: (what) => context.waitingFor(what) },
      ),
    judge: (answer) => verdictOf(answer, plugin),
  };
}

function verdictOf(answer: Answer, plugin: string): Verdict {
  const details = { plugin, ...detailsOf(answer.printed) };
  switch (answer.kind) {
    case 'late': {
      const { budgetMs, waitingFor } = answer;
      const late = `no answer within its ${budgetMs} ms`;
      const summary = waitingFor === undefined ? late : `${late}, while waiting for ${waitingFor}`;
      return { kind: 'incomplete', summary, details, issues: [], notes: [] };
    }
    case 'failed':
      throw new Error(`plugin ${plugin}: ${answer.message}`);
    case 'text':
      throw new TypeError(`plugin ${plugin}: it answered with a text, not with a verdict`);
    case 'verdict':
      try {
        const verdict = readVerdict(answer.verdict);
        return { ...verdict, details: { ...verdict.details, ...details } };
      } catch (error) {
        throw new TypeError(`plugin ${plugin}: ${(error as Error).message}`, { cause: error });
      }
  }
}

/** What was printed is no part of any answer: it is counted and its first line shown. */
export function detailsOf({ bytes, firstLine }: PrintedOutput): Details {
  return bytes === 0 ? {} : { 'plugin output bytes': bytes, 'plugin output': firstLine };
}

/** A format that is rendered in the plugin's process. */
export function proxyFormat(
  { name, description }: Manifest['reporters'][number],
  {
    plugin,
    host,
    budgetMs,
  }: { readonly plugin: string; readonly host: PluginHost; readonly budgetMs: number },
): Format {
  return {
    description,
    extension: '.txt',
    mediaType: 'text/plain',
    forTerminal: true,
    load: async () => async (report, style) => {
      const question = { kind: 'render', name, report, style } as const;
      const answer = await host.ask(question, { budgetMs, moreBytes: RENDER_BYTES });
      if (answer.kind === 'text') return answer.text;
      throw new PluginReporterError(
        `The format ${name} of the plugin ${plugin} could not be written: ${whyNoText(answer)}.`,
      );
    },
  };
}

/** A plugin's reporter gave no text; the report itself is unharmed. */
export class PluginReporterError extends Error {
  override readonly name = 'PluginReporterError';
}

function whyNoText(answer: Answer): string {
  if (answer.kind === 'late') return `it took longer than ${answer.budgetMs} ms`;
  return answer.kind === 'failed' ? answer.message : 'it answered with no text';
}
