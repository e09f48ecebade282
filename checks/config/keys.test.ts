import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { ContextOptions } from '../../src/doctor/context.ts';
import keys from './keys.ts';

async function examine(config: string, options: Partial<ContextOptions> = {}): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config });
  return keys.judge(await keys.probe(testContext({ ...options, home })));
}

test.each<[string, string, string[]]>([
  ['known keys', 'model = "m"\n[tui]\ntheme = "x"', []],
  ['a slip', 'modle = "m"', ['unknown_key modle `model`']],
  ['a slip in a table', '[tui]\nanimaton = false', ['unknown_key tui.animaton `animations`']],
  ['another tool’s spelling', '[mcpServers.a]\ncommand = "x"', ['unknown_key mcpServers `mcp_servers`']],
  ['a key that never was', 'colour = "red"', ['unknown_key colour a key that the agent reads']],
  ['a flag that never was', '[features]\nhoooks = true', ['unknown_key features.hoooks `hooks`']],
  [
    'a key of an earlier version',
    '[tools]\nview_image = true',
    ['unknown_key tools.view_image `features.view_image`'],
  ],
  ['a retired value', 'approval_policy = "on-failure"', ['invalid_value approval_policy `on-request`']],
  [
    'profiles in the old place',
    '[profiles.x]\nmodel = "m"',
    ['unknown_key profiles.x `<name>.config.toml beside it, chosen by --profile <name>`'],
  ],
  ['an older spelling that still works', '[features]\ncodex_hooks = true', []],
  ['a wrong value is told by config.load', 'model = 5', []],
  ['beside a fault of writing', 'model = \nmodle = "m"', ['unknown_key modle `model`']],
])('%s', async (_name, config, expected) => {
  const { issues } = await examine(config);
  expect(issues.every(({ severity }) => severity === 'warning')).toBe(true);
  expect(
    issues.map(({ failure, measured, expected: wanted }) => `${failure?.class} ${measured} ${wanted}`),
  ).toEqual(expected);
});

test('nothing configured is nothing to judge', async () => expect((await examine('')).kind).toBe('idle'));

test('each value names the layer that decides it, and a value is shown only where it is harmless', async () => {
  const verdict = await examine(
    'model = "user"\nopenai_base_url = "https://user:hush@x"\n[mcp_servers.a]\ncommand = "x"\nenv = { TOKEN = "hush" }\n',
    { overrides: { set: ['model=mine', 'features.codex_hooks=true'], enable: ['steer'], disable: [] } },
  );
  expect(verdict.details).toMatchObject({
    'effective values': [
      'features.codex_hooks = -c features.codex_hooks=…',
      'features.steer = --enable steer',
      'mcp_servers.a.command = user config.toml',
      'mcp_servers.a.env.TOKEN = user config.toml',
      'model = mine, from -c model=…',
      'openai_base_url = user config.toml',
    ],
    'shadowed keys': ['model: -c model=… over user config.toml'],
    'legacy feature flag': ['codex_hooks -> hooks'],
    'feature flags without effect': ['steer'],
  });
  expect(JSON.stringify(verdict)).not.toContain('hush');
});

test('a project’s own file cannot choose where credentials go', async () => {
  const project = temporaryHome({ '.git/HEAD': '', '.codex/config.toml': 'openai_base_url = "http://x"\n' });
  const { issues } = await examine(`[projects."${project}"]\ntrust_level = "trusted"\n`, { cwd: project });
  expect(issues).toMatchObject([
    {
      severity: 'warning',
      cause: expect.stringMatching(
        /`openai_base_url` in project .*, line 1: the agent does not read this key from a project/,
      ),
      remedy: expect.stringContaining('your own config.toml'),
    },
  ]);
});

test('keys of other layers are judged although one layer is broken', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'config.toml'));
  const project = temporaryHome({ '.git/HEAD': '' });
  mkdirSync(join(project, '.codex'));
  writeFileSync(join(project, '.codex', 'config.toml'), 'modle = "x"\n');
  const context = testContext({
    home,
    cwd: project,
    overrides: { set: [`projects={"${project}"={trust_level="trusted"}}`], enable: [], disable: [] },
  });
  const { issues } = keys.judge(await keys.probe(context));
  expect(issues.map(({ measured }) => measured)).toEqual(['modle']);
});
