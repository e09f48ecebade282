import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { detailsOf } from './otel/details.ts';
import type { Seen } from './otel/look.ts';
import { causeOf, issueOf, issueOfProblem } from './otel/issues.ts';

interface Evidence extends Seen {
  /** The configuration is broken in a way that can hide `[otel]`. */
  readonly mayHideSettings: boolean;
}

export default defineCheck({
  id: 'telemetry.otel',
  section: 'Telemetry',
  category: 'otel',
  title: 'The collector accepts what is exported',
  budgetMs: 6_000,
  network: true,
  async probe(context): Promise<Evidence> {
    const { problems } = context.target.config();
    const mayHideSettings = problems.some(({ kind }) => kind === 'malformed' || kind === 'unreadable');
    if (!isMentioned(context)) return { mayHideSettings, problems: [], signals: [] };
    const { look } = await import('./otel/look.ts');
    return { mayHideSettings, ...(await look(context)) };
  },
  judge({ mayHideSettings, problems, signals }) {
    const wrong = problems.filter(({ kind }) => kind !== 'note').map(issueOfProblem);
    const notes = problems.flatMap(({ kind, message }) =>
      kind === 'note' ? [{ kind: 'info' as const, text: message }] : [],
    );
    if (signals.length === 0 && wrong.length === 0)
      return mayHideSettings
        ? skip({ because: 'config.load', summary: 'not looked at: the configuration cannot be read' })
        : idle({ summary: 'nothing is exported: neither [otel] nor OTEL_*_EXPORTER says so', notes });
    const causes = new Set(signals.map(causeOf));
    return conclude({
      summary:
        signals.length === 0
          ? 'nothing is exported'
          : `${signals.map(({ signal }) => signal).join(', ')}: one record of each was accepted`,
      details: Object.assign({}, ...signals.map(detailsOf)) as ReturnType<typeof detailsOf>,
      notes,
      issues: [...wrong, ...signals.flatMap(issueOf)],
      // Only where it explains everything; one row has one cause.
      causedBy: wrong.length === 0 && causes.size === 1 ? [...causes][0] : undefined,
    });
  },
});

/** Nothing of telemetry is loaded where nobody speaks of it. */
function isMentioned({ target }: CheckContext): boolean {
  const names = Object.keys(target.environment().values);
  return target.config().effective['otel'] !== undefined || names.some((name) => name.startsWith('OTEL_'));
}
