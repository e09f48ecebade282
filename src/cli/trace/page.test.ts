import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { answer, ask, assistant, endTurn, traceBundle, user } from '../../../fixtures/trace-bundle.ts';

/* `stethos trace show --html` as a process. */

const TOKEN = `sk-proj-${'a1B2c3D4'.repeat(6)}`;

const sample = (): string =>
  traceBundle((b) => {
    ask(b, 'i1', [user(`Use ${TOKEN}.`)]);
    answer(b, 'i1', 'r1', [assistant('<b>done</b>')]);
    endTurn(b, 'completed');
  });

const show = (args: readonly string[]) => stethos(['trace', 'show', ...args]);

test('the page is for its owner alone, its path is printed, and no secret is in it; payloads are shown', async () => {
  const [bundle, folder] = [sample(), temporaryHome()];
  const path = join(folder, 'trace.html');
  const { exitCode, stdout, stderr } = await show([bundle, '--html', path]);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: `${path}\n`, stderr: '' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const page = readFileSync(path, 'utf8');
  expect(page).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  expect(page).toContain('&lt;b&gt;done&lt;/b&gt;');
  expect(page).toContain('&quot;input&quot;: [');
  expect(page).not.toContain(TOKEN);
  expect(readdirSync(folder)).toEqual(['trace.html']);
});

test('- is standard output; a state.json elsewhere has no payloads, and its page says so', async () => {
  const bundle = sample();
  const state = join(temporaryHome(), 'state.json');
  await stethos(['trace', 'reduce', bundle, '-o', state]);
  const { exitCode, stdout } = await show([state, '--html', '-']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  expect(stdout).toContain('not shown, only the reduced trace was given');
});

test('a file that exists stays as it is without --force; with it, it is replaced and a link is not followed', async () => {
  const [bundle, folder] = [sample(), temporaryHome({ 'old.html': 'old', 'other.txt': 'other' })];
  const path = join(folder, 'old.html');
  const refused = await show([bundle, '--html', path]);
  expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain('--force');
  expect(readFileSync(path, 'utf8')).toBe('old');
  const link = join(folder, 'link.html');
  symlinkSync(join(folder, 'other.txt'), link);
  chmodSync(path, 0o644);
  for (const target of [path, link])
    expect((await show([bundle, '--html', target, '--force'])).exitCode).toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(link, 'utf8')).toContain('<!doctype html>');
  expect(readFileSync(join(folder, 'other.txt'), 'utf8')).toBe('other');
  expect(readdirSync(folder).toSorted()).toEqual(['link.html', 'old.html', 'other.txt']);
});

test('what cannot be written leaves nothing behind', async () => {
  const folder = temporaryHome();
  mkdirSync(join(folder, 'folder.html'));
  writeFileSync(join(folder, 'folder.html', 'x'), '');
  const bundle = sample();
  for (const args of [['folder.html', '--force'], ['folder.html'], ['none/page.html'], ['/dev/full']]) {
    const { exitCode, stdout, stderr } = await show([
      bundle,
      '--html',
      join(args[0]?.startsWith('/') === true ? '' : folder, args[0] ?? ''),
      ...args.slice(1),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/exists and stays|cannot be written/);
    expect(stderr).not.toContain('    at ');
  }
  expect(readdirSync(folder)).toEqual(['folder.html']);
});

test.each<[readonly string[], string]>([
  [['show', '.', '--html', 'x', '--json'], '--html goes with neither --json nor --no-redact'],
  [['show', '.', '--html', 'x', '--no-redact'], 'always redacted'],
  [['show', '.', '--force'], 'It goes with show --html FILE'],
  [['reduce', '.', '--html', 'x'], '--html goes with show'],
])('exit code 2: %j', async (args, words) => {
  const { exitCode, stdout, stderr } = await stethos(['trace', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});
