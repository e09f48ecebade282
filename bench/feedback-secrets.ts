/*
 * What a feedback bundle gives away: 2,000 secrets of every kind in logs, rollouts, configuration and environment, and what
 * only looks like one beside them. Run with `node bench/feedback-secrets.ts`. Fails where a secret is left or a look-alike
 * is not.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleLookAlikes } from '../fixtures/look-alikes.ts';
import { plantHome, PRIVATE_FILES } from '../fixtures/planted-home.ts';
import { plantSecrets } from '../fixtures/planted-secrets.ts';
import type { PlantedSecret } from '../fixtures/planted-secrets.ts';
import { readBundle } from '../fixtures/read-bundle.ts';
import { LAUNCHER } from '../fixtures/run.ts';
import { createTraceFinder } from '../fixtures/secret-traces.ts';
import { survivors } from '../fixtures/survivors.ts';
import { formatBytes } from '../src/host/units.ts';

const SEEDS = Array.from({ length: 27 }, (_, index) => index + 1);

const folder = mkdtempSync(join(tmpdir(), 'stethos-bench-secrets-'));
try {
  const home = join(folder, 'home');
  const user = join(folder, 'user');
  mkdirSync(home);
  mkdirSync(user);
  const secrets = plantSecrets(SEEDS);
  const lookAlikes = sampleLookAlikes();
  const env = plantHome(home, secrets, lookAlikes);

  const collect = (...more: string[]): Promise<Collected> =>
    collected({ home, folder, env: { ...env, HOME: user, PATH: '/usr/bin:/bin' } }, more);
  const find = createTraceFinder(secrets);
  const leaksIn = ({ contents }: Collected): string[] =>
    [...contents].flatMap(([name, content]) =>
      [...find(`${name}\n${content}`)].map(({ kind, place }) => `${kind} (${place}) in ${name}`),
    );

  console.log(
    `${secrets.length} secrets of ${sizeOf(secrets, 'kind')} kinds in ${sizeOf(secrets, 'place')} places`,
  );
  // So that a search that finds nothing says something.
  const open = await collect('--unredacted');
  console.log(`found where nothing was redacted: ${leaksIn(open).length} (${describe(open)})`);
  const bundle = await collect();
  console.log(`redacted: ${describe(bundle)}`);
  const leaks = leaksIn(bundle);
  console.log(`secrets that left: ${leaks.length}`);
  for (const leak of leaks) console.log(`  ${leak}`);

  const { survived, lost } = survivors(lookAlikes, bundle.contents);
  console.log(`look-alikes that survived: ${survived} of ${survived + lost.length}`);
  for (const one of lost) console.log(`  ${one}`);
  if (leaks.length + lost.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Collected {
  readonly contents: ReadonlyMap<string, string>;
  readonly seconds: number;
}

/** Lets the real command write a bundle of everything, with the report of a real doctor. */
async function collected(
  {
    home,
    folder: place,
    env,
  }: { readonly home: string; readonly folder: string; readonly env: NodeJS.ProcessEnv },
  more: readonly string[],
): Promise<Collected> {
  const name = more.length > 0 ? 'open.unredacted.zip' : 'bundle.zip';
  const attached = PRIVATE_FILES.flatMap((file) => ['--attach', join(home, file)]);
  const args = ['feedback', '--target', 'codex', '--home', home, '--include-logs', ...attached, ...more];
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args, '--out', join(place, name)], {
    env,
    cwd: place,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - begun) / 1_000;
  if (status !== 0) throw new Error(`stethos feedback ended with ${status}: ${stderr}`);
  return { contents: await readBundle(join(place, name)), seconds };
}

function describe({ contents, seconds }: Collected): string {
  const bytes = [...contents.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  return `${contents.size} files, ${formatBytes(bytes)}, ${seconds.toFixed(1)} s with the doctor`;
}

function sizeOf(secrets: readonly PlantedSecret[], member: 'kind' | 'place'): number {
  return new Set(secrets.map((planted) => planted[member])).size;
}
