import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { builtLoadPlugins, HOSTILE_PLUGINS, reference } from '../../fixtures/plugins/load.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { redactReport } from '../doctor/redact-report.ts';
import { runChecks } from '../doctor/runner.ts';
import type { CheckResult } from '../doctor/report.ts';
import type { PluginReference } from '../settings/settings.ts';
import { loadPlugins } from './load-plugins.ts';
import type { LoadedPlugins } from './load-plugins.ts';
import { rowIds } from './plugin-row.ts';

const OPTIONS = { signal: new AbortController().signal, timeoutMs: 60_000, knownIds: [] };
const STYLE = { color: false, ascii: true, all: true, width: 100 };

async function run(loaded: LoadedPlugins, home: string): Promise<Record<string, CheckResult>> {
  const { results } = await runChecks(loaded.checks, testContext({ home }), {
    timeoutMs: 60_000,
    signal: OPTIONS.signal,
  });
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

const load = async (references: readonly PluginReference[]): Promise<LoadedPlugins> =>
  (await builtLoadPlugins())(references, OPTIONS);

test('a plugin file imports the stethos that runs, and sees the home with a context of its own', async () => {
  const loaded = await loadPlugins([reference('./well_behaved.ts', join(HOSTILE_PLUGINS, '..'))], OPTIONS);
  const rows = await run(loaded, temporaryHome({ 'config.toml': '' }));
  expect(rows['well.behaved']).toMatchObject({
    status: 'ok',
    details: { config: 'found', plugin: 'well-behaved 1.2.0' },
  });
  expect(rows['plugin.well_behaved']).toMatchObject({
    status: 'ok',
    summary: 'well-behaved 1.2.0 is loaded',
    details: { checks: ['well.behaved'], formats: ['ids'], 'named in': '--plugin' },
  });
  await loaded.close();
});

const CHECK = (id: string): string => `{
  id: '${id}', section: 'Agent', category: 'c', title: 't', budgetMs: 30000,
  probe: (context) => context.cwd,
  judge: (cwd) => ({ kind: 'judged', summary: cwd, details: {}, issues: [], notes: [] }),
}`;

test('packages are found from the folder that names them, however they are written', async () => {
  const home = temporaryHome({
    'node_modules/modern/package.json':
      '{"name":"modern","type":"module","exports":{".":{"import":"./lib/plugin.js"}}}',
    'node_modules/modern/lib/plugin.js': `await 0; export default { api: 1, name: 'modern', checks: [${CHECK('modern.one')}] };`,
    'node_modules/@old/fashioned/package.json': '{"name":"@old/fashioned","main":"main.cjs"}',
    'node_modules/@old/fashioned/main.cjs': `exports.__esModule = true; exports.default = { api: 1, name: 'old', checks: [${CHECK('old.one')}] };`,
    'node_modules/typed/package.json': '{"name":"typed","type":"module","exports":"./plugin.ts"}',
    'node_modules/typed/plugin.ts': `export default ${CHECK('typed.one')};`,
    'workspace/linked/package.json': '{"name":"linked","type":"module","exports":"./plugin.ts"}',
    'workspace/linked/plugin.ts': `const check: object = ${CHECK('linked.one')}; export default check;`,
    'deep/er/file.mjs': `export default ${CHECK('file.one')};`,
  });
  symlinkSync(join(home, 'workspace/linked'), join(home, 'node_modules/linked'));
  mkdirSync(join(home, 'deep/er/still'));
  const from = join(home, 'deep/er');
  const loaded = await load([
    ...['modern', '@old/fashioned', 'typed', 'linked', './file.mjs'].map((name) => reference(name, from)),
    reference('../file.mjs', join(from, 'still')),
    reference(pathToFileURL(join(from, 'no.mjs')).href, from),
  ]);
  const rows = await run(loaded, home);
  const summaries = Object.entries(rows).map(([id, { status, summary }]) => `${id} ${status} ${summary}`);
  expect(summaries.filter((line) => !line.startsWith('plugin.'))).toEqual(
    ['modern.one', 'old.one', 'linked.one', 'file.one'].map((id) => `${id} ok ${home}`),
  );
  expect(rows['plugin.typed']).toMatchObject({
    status: 'fail',
    failure: { class: 'malformed' },
    summary: expect.stringContaining('node_modules') as string,
  });
  expect(rows['plugin.file_2']?.summary).toContain('offers a check file.one, which exists already');
  expect(rows['plugin.no']).toMatchObject({ status: 'fail', failure: { class: 'missing' } });
  await loaded.close();
});

const failed = (name: string, why: string): string =>
  `PluginReporterError: The format ${name} of the plugin reports could not be written: ${why}.`;

async function outcomeOf(loaded: LoadedPlugins, name: string): Promise<number | string> {
  const report = redactReport(sampleReport, { userDirectory: '/home/ann' });
  const render = await loaded.reporters[name]?.load();
  try {
    return (await render?.(report, STYLE))?.length ?? 'no such format';
  } catch (error) {
    return String(error);
  }
}

test('reporters give a text in time, or say why not', async () => {
  const loadBuilt = await builtLoadPlugins();
  const plugin = [reference('./reports.ts')];
  const [patient, hurried] = await Promise.all([
    loadBuilt(plugin, OPTIONS),
    loadBuilt(plugin, { ...OPTIONS, renderTimeoutMs: 200 }),
  ]);
  const outcomes = await Promise.all([
    outcomeOf(patient, 'throws'),
    outcomeOf(patient, 'number'),
    outcomeOf(patient, 'large'),
    outcomeOf(patient, 'fair'),
    outcomeOf(hurried, 'loops'),
  ]);
  expect(outcomes).toEqual([
    failed('throws', 'no ink'),
    failed('number', 'render answered with number, not with a text'),
    failed('large', 'answered with more than 68157440 bytes and was ended'),
    2 * 1024 * 1024,
    failed('loops', 'it took longer than 200 ms'),
  ]);
  await Promise.all([patient.close(), hurried.close()]);
});

test('a probe is told that its time is over, and may tidy up', async () => {
  const home = temporaryHome({
    'tidy.mjs': `import { writeFileSync } from 'node:fs';
      export default { ...${CHECK('tidy.one')}, budgetMs: 200, probe: ({ cwd, signal }) => new Promise(() => {
        signal.addEventListener('abort', () => writeFileSync(cwd + '/tidied', ''));
        setInterval(() => undefined, 10);
      }) };`,
  });
  const loaded = await load([reference('./tidy.mjs', home)]);
  const rows = await run(loaded, home);
  expect(rows['tidy.one']).toMatchObject({ status: 'incomplete', summary: 'no answer within its 200 ms' });
  await expect
    .poll(() => testContext({ home }).files.look(join(home, 'tidied')).kind, { timeout: 20_000 })
    .toBe('found');
  await loaded.close();
});

test.each<[readonly string[], readonly string[]]>([
  [
    ['./checks/disk.ts', '../disk.js', 'disk'],
    ['plugin.disk', 'plugin.disk_2', 'plugin.disk_3'],
  ],
  [
    ['stethos-plugin-acme', '@acme/doctor', 'file:///a/b%20c.mjs'],
    ['plugin.stethos_plugin_acme', 'plugin.acme_doctor', 'plugin.b_20c'],
  ],
  [
    ['/x/9lives.cjs', './---.ts', String.raw`C:\checks\vpn.ts`],
    ['plugin.p_9lives', 'plugin.p_', 'plugin.vpn'],
  ],
])('rows of %j', (specifiers, ids) => {
  expect(rowIds(specifiers)).toEqual(ids);
});
