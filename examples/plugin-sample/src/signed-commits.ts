import { conclude, defineCheck, skip, warn } from 'stethos';

export default defineCheck({
  id: 'sample.signed_commits',
  section: 'Environment',
  category: 'signing',
  title: 'Commits of the agent are signed',
  budgetMs: 5_000,
  probe: async ({ helpers, cwd, waitingFor }) => {
    waitingFor('git config');
    const run = await helpers.run('git', ['config', '--get', 'commit.gpgsign'], { cwd });
    return run.kind === 'exited' ? { kind: run.kind, answer: run.stdout.trim() } : { kind: run.kind };
  },
  judge: ({ kind, answer }) => {
    if (kind === 'disabled') return skip({ because: '--no-exec', summary: 'git was not asked' });
    if (kind !== 'exited')
      return skip({ because: 'git.environment', summary: `git did not answer (${kind})` });
    return conclude({
      summary: 'commits are signed',
      details: { 'commit.gpgsign': answer ?? '' },
      issues:
        answer === 'true'
          ? []
          : [
              warn({
                class: 'mismatch',
                cause: 'commits are not signed',
                measured: answer || 'not set',
                expected: 'true',
                remedy: 'Sign them, so that the work of the agent can be told from that of others.',
                fields: ['commit.gpgsign'],
                command: 'git config --global commit.gpgsign true',
              }),
            ],
    });
  },
});
