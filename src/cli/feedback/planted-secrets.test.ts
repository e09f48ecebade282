import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { sampleLookAlikes } from '../../../fixtures/look-alikes.ts';
import { plantHome, PRIVATE_FILES } from '../../../fixtures/planted-home.ts';
import { plantSecrets } from '../../../fixtures/planted-secrets.ts';
import { readBundle } from '../../../fixtures/read-bundle.ts';
import { stethos } from '../../../fixtures/run.ts';
import { createTraceFinder } from '../../../fixtures/secret-traces.ts';
import { survivors } from '../../../fixtures/survivors.ts';

/* `bench/feedback-secrets.ts` does the same with 2,000 secrets, each kind in every place, and the real doctor. */

test('of every kind of secret nothing is left in a bundle, and what only looks like one is', async () => {
  const secrets = plantSecrets([1]);
  const lookAlikes = sampleLookAlikes();
  const user = temporaryHome();
  const home = join(user, 'home');
  mkdirSync(home);
  const env = plantHome(home, secrets, lookAlikes);
  const bundle = join(user, 'bundle.zip');
  const attached = PRIVATE_FILES.flatMap((name) => ['--attach', join(home, name)]);
  const args = ['--include-logs', '--exclude', 'doctor', ...attached, '--out', bundle, '--format', 'json'];
  const { exitCode, stdout, stderr } = await stethos(
    ['feedback', '--target', 'codex', '--home', home, ...args],
    { cwd: user, env: { ...env, HOME: user, PATH: '/usr/bin:/bin' } },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const contents = await readBundle(bundle);
  expect([...contents.keys()].filter((name) => name.includes('rollout-'))).toHaveLength(2);
  const find = createTraceFinder(secrets);
  // The search sees what it is to see.
  expect(find(secrets.map(({ text }) => text).join('\n')).size).toBe(secrets.length);
  const everything = [stdout, ...contents.keys(), ...contents.values()].join('\n');
  expect([...find(everything)].map(({ kind, place }) => `${kind}: ${place}`)).toEqual([]);
  expect(survivors(lookAlikes, contents).lost).toEqual([]);
});
