import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { codexPackage, elfProgram, plantTree } from '../../fixtures/install.ts';
import type { Planted } from '../../fixtures/install.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import provenance from './provenance.ts';

async function examine(tree: Readonly<Record<string, Planted>>): Promise<Verdict> {
  const root = plantTree(tree);
  const context = testContext({ home: join(root, '.codex'), env: { PATH: join(root, 'bin'), HOME: root } });
  const machine = { ...context.machine, platform: 'linux', architecture: 'x64' } as const;
  return provenance.judge(await provenance.probe({ ...context, machine }));
}

test('names the version, the method and the files of the copy that runs', async () => {
  const verdict = await examine({
    ...codexPackage('lib/node_modules'),
    'bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
  });
  expect(verdict).toMatchObject({
    kind: 'judged',
    summary: 'codex 0.169.0 by npm on linux-x64',
    issues: [],
    details: { version: '0.169.0', platform: 'linux-x64', 'install method': 'npm', commit: 'unknown' },
  });
});

test('a program without metadata is named without a guess', async () => {
  const verdict = await examine({ 'bin/codex': { executable: elfProgram() } });
  expect(verdict.details).toMatchObject({ version: null, 'install method': 'unknown' });
  expect(verdict.summary).toMatch(/version not told/);
});

test('without a copy the question is left to the check that reports it', async () => {
  const verdict = await examine({});
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'installation' });
});
