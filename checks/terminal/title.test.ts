import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import title from './title.ts';

async function examine(config: string, project = temporaryHome()): Promise<Verdict> {
  return title.judge(
    await title.probe(testContext({ home: temporaryHome({ 'config.toml': config }), cwd: project })),
  );
}

test.each<[string, object, number]>([
  [
    '',
    {
      'terminal title source': 'default',
      'terminal title items': ['activity', 'project-name'],
      'terminal title activity': true,
    },
    0,
  ],
  ['[tui]\nterminal_title = []', { 'terminal title source': 'disabled', 'terminal title items': [] }, 0],
  [
    '[tui]\nterminal_title = ["spinner", "model-name"]',
    { 'terminal title source': 'configured', 'terminal title items': ['activity', 'model'] },
    0,
  ],
  [
    '[tui]\nterminal_title = ["activty", "activty", "x"]',
    { 'terminal title invalid items': ['activty', 'x'] },
    2,
  ],
  // A value of another type is the business of config.load; the agent would not start.
  ['[tui]\nterminal_title = 5', { 'terminal title source': 'default' }, 0],
])('%s', async (config, details, issues) => {
  const verdict = await examine(config);
  expect(verdict.details).toMatchObject(details);
  expect(verdict.issues).toHaveLength(issues);
});

test('an item that does not exist is answered with the one that is meant', async () => {
  const { issues } = await examine('[tui]\nterminal_title = ["git-brunch", "\\u001b[31m"]');
  expect(issues).toMatchObject([
    { severity: 'warning', expected: '"git-branch"', failure: { class: 'invalid_value' } },
    { expected: expect.stringContaining('thread-title') },
  ]);
  expect(issues[1]?.measured).not.toContain('\u001b');
});

test.each([
  [{ '.git/HEAD': '' }, 'git repo root'],
  [{ '.codex/config.toml': 'model = "m"' }, 'project config'],
  [{}, 'cwd'],
])('the project’s name: %j', async (contents, source) => {
  const { details } = await examine('', temporaryHome(contents));
  expect(details).toMatchObject({
    'terminal title project source': source,
    'terminal title project value': expect.stringMatching(/^stethos-home-/),
  });
});

test('a long name is cut between characters', async () => {
  const seen = await title.probe(testContext({ home: temporaryHome() }));
  const project = { source: 'cwd', path: join('/x', '👩‍👩‍👧'.repeat(30)) };
  expect(title.judge({ ...seen, project }).details['terminal title project value']).toBe(
    `${'👩‍👩‍👧'.repeat(21)}...`,
  );
});
