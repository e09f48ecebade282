import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { builtLoadPlugins, HOSTILE_PLUGINS, reference } from '../../fixtures/plugins/load.ts';
import { schemaErrors } from '../../fixtures/schema.ts';
import { examine } from '../doctor/examine.ts';
import { redactReport } from '../doctor/redact-report.ts';
import { createRegistry } from '../doctor/registry.ts';
import type { CheckResult, RedactedReport } from '../doctor/report.ts';
import { processes } from '../host/processes.ts';

/* Every plugin of fixtures/plugins/hostile in one run: what each does, and what the report says. */

/** It keeps a processor busy until its time is over, so it has a test of its own. */
const HANGING = 'hangs_at_import.ts';
const HOSTILE = readdirSync(HOSTILE_PLUGINS).filter((name) => name !== HANGING);
const OURS = ['config.load', 'installation'];

let report: RedactedReport;
const home = mkdtempSync(join(tmpdir(), 'stethos-plugins-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(async () => {
  const loadPlugins = await builtLoadPlugins();
  const signal = new AbortController().signal;
  const loaded = await loadPlugins(
    [...HOSTILE.map((name) => reference(`./${name}`)), reference('./not_there.ts'), reference('@acme/none')],
    { signal, timeoutMs: 60_000, knownIds: OURS },
  );
  const registry = createRegistry([...OURS.map((id) => sampleCheck(id)), ...loaded.checks]);
  const examined = await examine(registry, {
    context: {
      target: 'codex',
      home,
      cwd: home,
      env: {},
      overrides: { set: [], enable: [], disable: [] },
      exec: false,
      deep: false,
      offline: true,
    },
    timeoutMs: 120_000,
    signal,
  });
  await loaded.close();
  report = redactReport(examined, { userDirectory: '/home/ann' });
}, 180_000);

const rowOf = (id: string): CheckResult => {
  const row = report.checks[id];
  if (!row) throw new Error(`no row ${id}`);
  return row;
};

test.each<[string, CheckResult['status'], RegExp]>([
  ['throws.error', 'crashed', /plugin throws 0\.1\.0: boom$/],
  ['throws.later', 'crashed', /boom, later/],
  ['throws.nothing', 'crashed', /threw undefined/],
  ['throws.trap', 'crashed', /threw something that cannot be told/],
  ['throws.judging', 'crashed', /no judgement/],
  ['throws.beside', 'ok', /fine/],
  ['loops.forever', 'incomplete', /^no answer within its 300 ms$/],
  ['loops.waiting', 'incomplete', /^no answer within its 300 ms, while waiting for Godot$/],
  ['loops.beside', 'ok', /fine/],
  ['exits.quietly', 'crashed', /ended its process with code 0/],
  ['exits.with_words', 'crashed', /ended its process with code 7, after it had printed: no licence found/],
  ['exits.killed', 'crashed', /was ended by SIGSEGV/],
  ['prints.words', 'ok', /fine/],
  ['prints.endlessly', 'crashed', /printed more than 16777216 bytes and was ended/],
  ['forges.noise', 'crashed', /answered with something that is no answer/],
  ['forges.endlessly', 'crashed', /answered with more than 1048576 bytes and was ended/],
  ['forges.waiting', 'crashed', /answered with more than 1048576 bytes and was ended/],
  ['answers.nothing', 'crashed', /no verdict: .*expected object/],
  ['answers.cyclic', 'crashed', /circular/],
  ['answers.enormous', 'crashed', /answered with more than 1048576 bytes/],
  ['answers.lying', 'crashed', /no verdict: kind: Invalid option/],
  ['answers.number', 'crashed', /count is NaN, which is no plain data/],
  ['lingers.handles', 'ok', /fine/],
  ['lingers.children', 'ok', /fine/],
  ['lingers.looping', 'incomplete', /within its 200 ms/],
  ['swells.objects', 'crashed', /took more than 256 MiB of memory/],
  ['swells.buffers', 'crashed', /took more than 1024 MiB of memory/],
  ['strays.rejection', 'crashed', /nobody handles me/],
  ['strays.timer', 'crashed', /too late/],
  ['pollutes.prototypes', 'ok', /fine/],
  ['pollutes.writing', 'crashed', /answered with something that is no answer/],
  ['reads.input', 'ok', /fine/],
  ['names.good', 'ok', /fine/],
  ['names.builds', 'ok', /fine/],
  ['plugin.wrong_api', 'fail', /written for version 2 of the contract; this stethos has 1/],
  ['plugin.no_default', 'fail', /it has no default export/],
  ['plugin.no_plugin', 'fail', /its default export is number, no plugin/],
  ['plugin.no_probe', 'fail', /its check no\.probe has no function probe/],
  ['plugin.ill_described', 'fail', /describes itself wrongly: checks\[0\]\.section: Invalid option/],
  ['plugin.wrong_manifest', 'fail', /describes itself wrongly: name: Too big/],
  ['plugin.throws_at_import', 'fail', /failed: not today/],
  ['plugin.exits_at_import', 'fail', /ended its process with code 3/],
  ['plugin.needs_package', 'fail', /Cannot find package 'no-such-package-anywhere'/],
  ['plugin.not_there', 'fail', /Cannot find module .*not_there\.ts/],
  ['plugin.acme_none', 'fail', /Cannot find package '@acme\/none'/],
  ['plugin.throws', 'ok', /^throws 0\.1\.0 is loaded$/],
])('%s is %s', (id, status, words) => {
  const row = rowOf(id);
  expect({ status: row.status, summary: row.summary }).toEqual({
    status,
    summary: expect.stringMatching(words) as string,
  });
});

test('our own rows are as they were, the report is one, and every hostile plugin has a row', () => {
  for (const id of OURS) expect(rowOf(id)).toMatchObject({ status: 'ok', summary: 'fine' });
  expect(schemaErrors(JSON.parse(JSON.stringify(report)))).toEqual([]);
  expect(report.interrupted).toBe(false);
  const rows = Object.keys(report.checks).filter((id) => id.startsWith('plugin.'));
  expect(rows).toHaveLength(HOSTILE.length + 2);
  expect(JSON.stringify(report)).not.toContain('\u001B');
  expect({}).not.toHaveProperty('polluted');
});

test('what a plugin prints is counted, and its first line is shown; its standard input is at its end', () => {
  expect(rowOf('plugin.prints').details).toMatchObject({
    'plugin output': 'hello from the import',
    'plugin output bytes': 22,
  });
  expect(rowOf('prints.words').details).toMatchObject({ plugin: 'prints', 'plugin output bytes': 54 });
  expect(rowOf('reads.input').details).toMatchObject({ input: '' });
});

test('nothing that a plugin started is left', () => {
  const pids = ['lingers.handles', 'lingers.children'].flatMap((id) => {
    const { pid, child, detached } = rowOf(id).details;
    return [pid, child, detached].filter((value) => typeof value === 'number');
  });
  expect(pids).toHaveLength(4);
  expect(pids.filter((pid) => processes.inspect(pid).state === 'alive')).toEqual([]);
});

test('names that are taken stay what they were, and the plugin says which it does not get', () => {
  const { issues, details, failure } = rowOf('plugin.names');
  expect(issues.map(({ failureClass, cause }) => `${failureClass}: ${cause}`)).toEqual([
    'duplicate: names offers a check names.good, which exists already',
    'duplicate: names offers a check config.load, which exists already',
    expect.stringMatching(/^invalid_value: names offers a check "Names\.Wrong": an id looks like/),
    expect.stringMatching(/^invalid_value: names offers a check "noarea": an id looks like/),
    'invalid_value: names offers a check plugin.names: the area plugin. is taken',
    'missing: names offers a check names.lost, which needs no.such: no check before it has this id',
    'duplicate: names offers a format json, which exists already',
  ]);
  expect(details).toMatchObject({ checks: ['names.good', 'names.builds'], formats: ['mine'] });
  expect(failure?.phase).toBe('process');
});
