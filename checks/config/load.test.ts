import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { ContextOptions } from '../../src/doctor/context.ts';
import load from './load.ts';

async function examine(config: string, options: Partial<ContextOptions> = {}): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config });
  return load.judge(await load.probe(testContext({ ...options, home })));
}

test.each([
  ['a fresh home', '', []],
  ['known keys', 'model = "m"\n[features]\nhooks = false', []],
  ['keys without effect are told elsewhere', 'modle = "m"\n[profiles.x]', []],
  ['not TOML', 'model = ', ['fail malformed']],
  ['two faults of writing', 'model = \nnotify = [', ['fail malformed', 'fail malformed']],
  ['a wrong type', 'model = 5', ['fail invalid_value']],
  ['a wrong word', 'sandbox_mode = "workspace"', ['fail invalid_value']],
  ['a provider that is not defined', 'model_provider = "mine"', ['fail missing']],
  ['a profile that does not exist, in the old way', 'profile = "work"', ['fail invalid_value']],
  ['a profile that exists, in the old way', 'profile = "work"\n[profiles.work]', ['fail invalid_value']],
  ['a catalogue that is not there', 'model_catalog_json = "/nowhere/c.json"', ['fail missing']],
  ['instructions that are a folder', 'model_instructions_file = "/"', ['fail wrong_type']],
  ['a role that is passed over', '[agents.x]\nnickname_candidates = []', ['warning invalid_value']],
])('%s', async (_name, config, expected) => {
  const { issues } = await examine(config);
  expect(issues.map(({ severity, failure }) => `${severity} ${failure?.class}`)).toEqual(expected);
});

test('a fault is named with its file, line, column, key and the nearest word', async () => {
  const verdict = await examine('model = "m"\nsandbox_mode = "workspace_write"\n');
  expect(verdict.details).toMatchObject({
    file: expect.stringMatching(/config\.toml$/),
    line: 2,
    column: 1,
    key: 'sandbox_mode',
    'config.toml parse': 'ok',
    model: 'm',
  });
  expect(verdict.issues[0]).toMatchObject({
    cause:
      '`sandbox_mode` in user config.toml, line 2: "workspace_write" is not a value that the agent knows',
    measured: 'the text "workspace_write"',
    expected: expect.stringContaining('"workspace-write"'),
    remedy: expect.stringMatching(
      /Did you mean "workspace-write"\? Correct .*config\.toml, line 2, column 1\./,
    ),
  });
});

test('one typing slip blinds nothing: what stands around it is read', async () => {
  const { details } = await examine(
    'model = "m"\nnotify = ["x"\n[mcp_servers.a]\ncommand = "c"\n[features]\nmemories = true\n',
  );
  expect(details).toMatchObject({
    'config.toml parse': 'failed',
    model: 'm',
    'mcp servers': 1,
    'feature flag overrides': ['memories=true'],
    'feature flags enabled': 73,
  });
});

test('a key pasted into the wrong line is not repeated', async () => {
  const secret = 'sk-proj-0123456789 abcdefghij';
  const verdict = await examine(
    `model = "${secret}"\napproval_policy = "${secret}"\nmodel_provider = "${secret}"\n`,
  );
  expect(JSON.stringify(verdict)).not.toContain('0123456789');
});

test('overrides are a layer of their own', async () => {
  const verdict = await examine('model = "m"', {
    overrides: { set: ['model=5'], enable: ['hook'], disable: [] },
  });
  expect(verdict.issues.map(({ cause }) => cause)).toEqual([
    '`model` in -c model=…: this must be text in quotes',
    '`features.hook` in --enable hook: the agent has no such feature flag and does not start',
  ]);
  expect(verdict.details['model']).toBe('m');
});

test('many faults are shown in part and counted', async () => {
  const faults = Array.from({ length: 30 }, (_, index) => `[model_providers.p${index}]`).join('\n');
  const verdict = await examine(faults);
  expect(verdict.issues).toHaveLength(20);
  expect(verdict.details['further problems']).toBe(10);
});

describe('in place of config.toml stands', () => {
  test.each([
    ['a folder', (path: string) => mkdirSync(path), 'fail wrong_type'],
    ['a link to nowhere', (path: string) => symlinkSync('/nowhere/x', path), 'warning missing'],
    ['a device', (path: string) => symlinkSync('/dev/zero', path), 'fail wrong_type'],
    ['a link to itself', (path: string) => symlinkSync(path, path), 'fail unreadable'],
  ])('%s', async (_name, make, expected) => {
    const home = temporaryHome();
    make(join(home, 'config.toml'));
    const { issues } = load.judge(await load.probe(testContext({ home })));
    expect(issues.map(({ severity, failure }) => `${severity} ${failure?.class}`)).toEqual([expected]);
  });

  test('a file that may not be read', async () => {
    const context = testContext({ home: temporaryHome({ 'config.toml': '' }) });
    const seen = await load.probe(context);
    const verdict = load.judge({
      ...seen,
      problems: [
        {
          kind: 'unreadable',
          layer: 'user',
          origin: '/h/config.toml',
          readFault: 'permissions',
          message: 'the file may not be read',
          found: 'EACCES',
          fatal: true,
        },
      ],
    });
    expect(verdict.issues[0]).toMatchObject({
      severity: 'fail',
      measured: 'EACCES',
      failure: { class: 'permissions' },
    });
    expect(verdict.issues[0]?.remedy).toContain('owner and mode');
  });
});

test('a home that is not there is reported by state.paths, unless it was never asked for', async () => {
  const home = join(temporaryHome(), 'none');
  expect(load.judge(await load.probe(testContext({ home }))).skippedBecause).toBe('state.paths');
  const seen = await load.probe(testContext({ home }));
  expect(load.judge({ ...seen, home: { ...seen.home, source: 'default' } })).toMatchObject({
    kind: 'judged',
    issues: [],
  });
});

test('a home that may not be entered is the fault of state.paths', async () => {
  const context = testContext({ home: temporaryHome({ 'config.toml': 'model = 5' }) });
  const files: typeof context.files = {
    ...context.files,
    look: (path) => (path.endsWith('/.') ? { kind: 'denied', code: 'EACCES' } : context.files.look(path)),
  };
  const verdict = load.judge(await load.probe({ ...context, files }));
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths', issues: [] });
});

test('the rows that an issue marks exist and belong to the file that is at fault', async () => {
  const home = temporaryHome({ 'config.toml': 'model = 5' });
  const user = load.judge(await load.probe(testContext({ home })));
  expect(user.issues.map(({ fields }) => fields)).toEqual([['config.toml']]);
  const overrides = { set: ['model=5', 'approval_policy="x"'], enable: [], disable: [] };
  const elsewhere = load.judge(await load.probe(testContext({ home: temporaryHome(), overrides })));
  expect(elsewhere.issues.map(({ fields }) => fields)).toEqual([['file', 'key'], []]);
  expect(elsewhere.details).toMatchObject({ key: 'model', file: expect.any(String) });
});
