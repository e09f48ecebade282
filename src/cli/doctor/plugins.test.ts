import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';

const plugin = (body: string): string =>
  join(temporaryHome({ 'plugin.mjs': `export default ${body};` }), 'plugin.mjs');
const doctor = (file: string, ...args: string[]) =>
  stethos(['doctor', '--offline', '--no-exec', '--home', temporaryHome(), '--plugin', file, ...args]);

test('a format of a plugin that fails is said so; the others are written, and the run is incomplete', async () => {
  const file = plugin(
    `{ api: 1, name: 'acme', reporters: { acme: { description: 'ours', render: () => { throw new Error('no paper'); } } } }`,
  );
  const { exitCode, stdout, stderr } = await doctor(
    file,
    '--only',
    'runtime.node',
    '--format',
    'acme=/dev/null',
  );
  expect(stdout).toContain('Verdict: ok');
  expect(stderr).toContain('no paper');
  expect(exitCode).toBe(3);
});

test('a check that could not be taken from a plugin is explained to whoever names it', async () => {
  const file = plugin(
    `{ api: 1, name: 'acme', checks: [{ id: 'acme.vpn', section: 'Nowhere', category: 'vpn', title: 'up', budgetMs: 1, probe: () => 0, judge: () => 0 }] }`,
  );
  const { exitCode, stdout, stderr } = await doctor(file, '--only', 'acme.vpn');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('No check is called acme.vpn.');
  expect(stderr).toContain('acme.vpn');
  expect(stderr.split('\n').length).toBeGreaterThan(2);
});
