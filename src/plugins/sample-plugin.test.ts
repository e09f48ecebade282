import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { installStethos } from '../../fixtures/installed-stethos.ts';
import { runNode, stethos } from '../../fixtures/run.ts';
import type { Report } from '../doctor/report.ts';

/* examples/plugin-sample as its author would treat it: tested, built, packed, installed and used. */

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** With the programs of the repository, and nothing of the user's npm. */
const environment = (folder: string): Record<string, string> => ({
  PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`,
  HOME: folder,
  npm_config_cache: join(folder, '.npm'),
  npm_config_update_notifier: 'false',
});

test('the sample plugin is tested, built, packed, installed, and its rows stand in the report', async () => {
  const folder = temporaryHome();
  const [author, project, home] = ['author', 'project', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  cpSync(join(ROOT, 'examples/plugin-sample'), author, { recursive: true });
  for (const each of [project, home]) mkdirSync(each);
  await installStethos(author);

  const tested = await runNode(['--test', '--test-reporter=tap', 'src/index.test.ts'], { cwd: author });
  expect(tested).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('# pass 4') as string });

  // Types are checked with the repository's own; here stethos has none beside it.
  await run('tsc', ['--noCheck'], { cwd: author, env: environment(folder) });
  const { stdout: packed } = await run(
    'npm',
    ['pack', '--ignore-scripts', '--offline', '--json', '--pack-destination', project],
    { cwd: author, env: environment(folder) },
  );
  const [pack] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  expect(pack.files.map(({ path }) => path).toSorted()).toEqual([
    'README.md',
    'dist/csv.js',
    'dist/index.js',
    'dist/project-notes.js',
    'dist/signed-commits.js',
    'package.json',
  ]);
  await run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps', `./${pack.filename}`],
    { cwd: project, env: environment(folder) },
  );

  const table = join(folder, 'checks.csv');
  const { exitCode, stdout } = await stethos(
    [
      'doctor',
      '--offline',
      '--no-exec',
      `--home=${home}`,
      '--plugin=stethos-plugin-sample',
      '--only=sample.*,plugin.*',
      '--format=json',
      `--format=csv=${table}`,
    ],
    { cwd: project, env: { HOME: folder } },
  );
  const { checks } = JSON.parse(stdout) as Report;
  expect(exitCode).toBe(0);
  expect(Object.values(checks).map(({ id, status, summary }) => [id, status, summary])).toEqual([
    ['plugin.stethos_plugin_sample', 'ok', 'sample 0.1.0 is loaded'],
    ['sample.project_notes', 'warning', 'there is no AGENTS.md'],
    ['sample.signed_commits', 'skipped', 'git was not asked'],
  ]);
  expect(readFileSync(table, 'utf8')).toBe(
    [
      'id,status,summary,remedy',
      'plugin.stethos_plugin_sample,ok,sample 0.1.0 is loaded,',
      'sample.project_notes,warning,there is no AGENTS.md,Write down how the project is built and tested; the agent reads it first.',
      'sample.signed_commits,skipped,git was not asked,',
      '',
    ].join('\r\n'),
  );
});
