import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runNode } from '../fixtures/run.ts';

const root = join(import.meta.dirname, '..');

function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stethos-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['src', 'fixtures', 'node_modules', 'package.json'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'checks'), join(folder, 'checks'), { recursive: true });
  mkdirSync(join(folder, 'docs', 'checks'), { recursive: true });
  return folder;
}

const newCheck = (cwd: string, ...args: string[]) =>
  runNode([join(root, 'scripts', 'new-check.ts'), ...args], { cwd });

test('makes check, test and page and registers it', async () => {
  const folder = clone();
  const { exitCode, stderr } = await newCheck(
    folder,
    'state.sample_thing',
    '--section',
    'Environment',
    '--title',
    'A sample is there',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const made = (await import(pathToFileURL(join(folder, 'checks/state/sample_thing.ts')).href)) as {
    default: { id: string; judge(seen: { home: string }): { issues: unknown[] } };
  };
  expect(made.default.id).toBe('state.sample_thing');
  expect(made.default.judge({ home: 'missing' }).issues).toHaveLength(1);
  expect(readFileSync(join(folder, 'checks/state/sample_thing.test.ts'), 'utf8')).toContain(
    "from './sample_thing.ts'",
  );
  expect(readFileSync(join(folder, 'docs/checks/state.sample_thing.md'), 'utf8')).toContain(
    '# state.sample_thing',
  );
  const index = readFileSync(join(folder, 'checks/index.ts'), 'utf8');
  expect(index).toContain("import stateSampleThing from './state/sample_thing.ts';");
  expect(index.split('\n').filter((line) => line.includes('stateSampleThing'))).toHaveLength(2);
});

test('a wrong id is refused, and nothing is overwritten', async () => {
  const folder = clone();
  expect((await newCheck(folder, 'Nonsense')).exitCode).toBe(2);
  const again = await newCheck(folder, 'runtime.node');
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toContain('exists already');
});
