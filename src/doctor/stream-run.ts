import type { ReportRedactor } from './redact-report.ts';
import type { CheckResult, Note, RedactedReport, Report } from './report.ts';
import type { RunObserver } from './runner.ts';

/** What a streaming format makes of a run: each call gives the text to be written now, possibly none. */
interface Events {
  onBegin?(run: Pick<Report, 'tool'> & { readonly checks: readonly string[] }): string;
  onStart(check: Pick<CheckResult, 'id' | 'section' | 'category' | 'title'>): string;
  onFinish(result: CheckResult, notes: readonly Note[]): string;
  onEnd(report: RedactedReport): string;
}

export interface StreamedRun {
  readonly events: Events;
  /** The one that will redact the report too, so that both have the same placeholders. */
  readonly redactor: ReportRedactor;
  /** Writes at once, or throws when that cannot be done any more. Nothing is kept for later. */
  readonly write: (text: string) => void;
  readonly tool: Report['tool'];
  /** Ids of the checks that were asked for, in the order of the report. */
  readonly checks: readonly string[];
}

export interface RunStream extends Required<Pick<RunObserver, 'onStart' | 'onFinish'>> {
  /**
   * Writes the end, also that of an interrupted run.
   * @returns what kept some text from being written; undefined when all of it was
   */
  end(report: RedactedReport): unknown;
}

/**
 * Writes a run while it goes on, row by row, each redacted before it is written. Begins at once. Never throws: after a
 * text that could not be written nothing more is tried.
 */
export function streamRun({ events, redactor, write, tool, checks }: StreamedRun): RunStream {
  let problem: { readonly error: unknown } | undefined;
  const tell = (makeText: () => string): void => {
    if (problem) return;
    try {
      const text = makeText();
      if (text !== '') write(text);
    } catch (error) {
      problem = { error };
    }
  };
  tell(() => events.onBegin?.({ tool, checks }) ?? '');
  return {
    onStart: ({ id, section, category, title }) =>
      tell(() => events.onStart({ id, section, category, title })),
    onFinish: (row, promoted) =>
      tell(() => {
        const { result, notes } = redactor.row(row, promoted);
        return events.onFinish(result, notes);
      }),
    end: (report) => {
      tell(() => events.onEnd(report));
      return problem?.error;
    },
  };
}
