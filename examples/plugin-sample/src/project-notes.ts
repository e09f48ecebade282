import { join } from 'node:path';
import { conclude, defineCheck, warn } from 'stethos';

/** An agent reads its notes at every start: what is longer is cut off, or crowds out the work. */
const MOST_BYTES = 32 * 1024;

export default defineCheck({
  id: 'sample.project_notes',
  section: 'Configuration',
  category: 'notes',
  title: 'The project has notes for the agent, of a useful length',
  budgetMs: 1_000,
  probe: ({ files, cwd }) => {
    const look = files.look(join(cwd, 'AGENTS.md'));
    return look.kind === 'found' ? { kind: look.kind, bytes: look.size } : { kind: look.kind };
  },
  judge: ({ kind, bytes = 0 }) => {
    if (kind !== 'found')
      return conclude({
        summary: 'no notes',
        details: { notes: kind },
        issues: [
          warn({
            class: 'missing',
            cause: 'there is no AGENTS.md',
            measured: kind,
            expected: 'a file AGENTS.md in the folder of the project',
            remedy: 'Write down how the project is built and tested; the agent reads it first.',
            fields: ['notes'],
          }),
        ],
      });
    const isLong = bytes > MOST_BYTES;
    return conclude({
      summary: 'there are notes',
      details: { notes: kind, bytes },
      issues: isLong
        ? [
            warn({
              class: 'invalid_value',
              cause: 'AGENTS.md is too long to be read',
              measured: `${bytes} bytes`,
              expected: `at most ${MOST_BYTES} bytes`,
              remedy: 'Keep what every task needs, and link to the rest.',
              fields: ['bytes'],
            }),
          ]
        : [],
    });
  },
});
