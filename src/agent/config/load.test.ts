import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { ConfigOverrides } from '../../target/config/overrides.ts';
import { stethos } from '../../target/profile.ts';
import { createTarget } from '../../target/target.ts';
import type { AgentConfig, ConfigWarning } from './config.ts';
import { loadAgentConfig } from './load.ts';
import type { LoadedAgentConfig } from './load.ts';
import type { EntryPoint } from './policies.ts';

interface Given {
  readonly config?: string;
  readonly trust?: 'trusted' | 'untrusted';
  /** Below the folder that holds `home` and `project`. */
  readonly contents?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<ConfigOverrides>;
  readonly entryPoint?: EntryPoint;
  readonly env?: Readonly<Record<string, string>>;
  /** Below the project. */
  readonly cwd?: string;
}

function load(given: Given = {}): LoadedAgentConfig {
  const root = temporaryHome(given.contents);
  const project = join(root, 'project');
  for (const folder of [join(root, 'home'), join(project, '.git'), join(project, given.cwd ?? '.')])
    mkdirSync(folder, { recursive: true });
  const trust = given.trust === undefined ? '' : `[projects."${project}"]\ntrust_level = "${given.trust}"\n`;
  const home = join(root, 'home');
  writeFileSync(join(home, 'config.toml'), `${given.config ?? ''}\n${trust}`);
  const target = createTarget({
    home: { profile: stethos, path: home, source: 'test', alsoPresent: [] },
    cwd: join(project, given.cwd ?? '.'),
    env: { HOME: root, ...given.env },
    files,
    overrides: { set: [], enable: [], disable: [], ...given.overrides },
  });
  return loadAgentConfig(target, { entryPoint: given.entryPoint ?? 'interactive', files });
}

function config(given?: Given): AgentConfig {
  const loaded = load(given);
  if (loaded.kind === 'faulty') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

test('an empty home gives the agent’s defaults', () => {
  const { isFeatureOn, home, sqliteHome, cwd, ...rest } = config();
  expect(sqliteHome).toBe(home);
  expect(cwd).toMatch(/project$/);
  expect(isFeatureOn('unified_exec')).toBe(true);
  expect(rest).toEqual({
    model: undefined,
    modelProviderId: 'openai',
    effort: undefined,
    summary: undefined,
    verbosity: undefined,
    serviceTier: undefined,
    contextWindow: undefined,
    autoCompactTokenLimit: undefined,
    autoCompactScope: 'total',
    toolOutputTokenLimit: undefined,
    approvalPolicy: 'on-request',
    sandboxPolicy: { type: 'read-only' },
    environmentPolicy: { inherit: 'all', dropsSecrets: false, exclude: [], set: {}, includeOnly: [] },
    webSearch: 'cached',
    backgroundTerminalMaxTimeoutMs: 300_000,
    baseInstructions: undefined,
    developerInstructions: undefined,
    compactPrompt: undefined,
    userInstructions: undefined,
    recordsInterruptMarker: true,
    warnings: [],
  });
});

test('every key is read', () => {
  const found = config({
    config: `model = "m"
model_provider = "ollama"
model_reasoning_effort = "high"
model_reasoning_summary = "detailed"
model_verbosity = "low"
service_tier = "priority"
model_context_window = 1000
model_auto_compact_token_limit = 900
model_auto_compact_token_limit_scope = "body_after_prefix"
tool_output_token_limit = 50
approval_policy = { granular = { sandbox_approval = true, rules = false, mcp_elicitations = true } }
sandbox_mode = "danger-full-access"
background_terminal_max_timeout = 7000
developer_instructions = "dev"
compact_prompt = "compact"
instructions = "base"
sqlite_home = "db"
[agents]
interrupt_message = false
[shell_environment_policy]
inherit = "core"
ignore_default_excludes = false
set = { A = "1" }
filters = { "B*" = "exclude", "C*" = "include" }
`,
  });
  expect(found).toMatchObject({
    sqliteHome: join(found.home, 'db'),
    model: 'm',
    modelProviderId: 'ollama',
    effort: 'high',
    summary: 'detailed',
    verbosity: 'low',
    serviceTier: 'priority',
    contextWindow: 1000,
    autoCompactTokenLimit: 900,
    autoCompactScope: 'body_after_prefix',
    toolOutputTokenLimit: 50,
    approvalPolicy: {
      granular: {
        sandbox_approval: true,
        rules: false,
        mcp_elicitations: true,
        skill_approval: false,
        request_permissions: false,
      },
    },
    sandboxPolicy: { type: 'danger-full-access' },
    environmentPolicy: {
      inherit: 'core',
      dropsSecrets: true,
      exclude: ['B*'],
      set: { A: '1' },
      includeOnly: ['C*'],
    },
    webSearch: 'live',
    backgroundTerminalMaxTimeoutMs: 7000,
    baseInstructions: 'base',
    developerInstructions: 'dev',
    compactPrompt: 'compact',
    recordsInterruptMarker: false,
  });
});

test.each<[Given, unknown, string]>([
  [{}, 'on-request', 'read-only'],
  [{ trust: 'trusted' }, 'on-request', 'workspace-write'],
  [{ trust: 'untrusted' }, 'untrusted', 'workspace-write'],
  [{ entryPoint: 'exec' }, 'never', 'read-only'],
  [{ entryPoint: 'exec', trust: 'trusted' }, 'never', 'workspace-write'],
  [{ entryPoint: 'exec', trust: 'untrusted' }, 'never', 'workspace-write'],
  [{ entryPoint: 'exec', config: 'approval_policy = "on-request"' }, 'never', 'read-only'],
  [{ overrides: { set: ['sandbox_mode=workspace-write'] } }, 'on-request', 'workspace-write'],
  [{ config: 'approval_policy = "on-failure"' }, 'on-failure', 'read-only'],
  [{ config: 'default_permissions = ":workspace"' }, 'on-request', 'workspace-write'],
  [
    { config: 'default_permissions = ":read-only"\nsandbox_mode = "danger-full-access"' },
    'on-request',
    'read-only',
  ],
])('approvals and sandbox for %j: %j, %s', (given, approval, sandbox) => {
  const found = config(given);
  expect(found.approvalPolicy).toEqual(approval);
  expect(found.sandboxPolicy.type).toBe(sandbox);
});

test('`on-failure` holds, and is said to be deprecated', () =>
  expect(config({ config: 'approval_policy = "on-failure"' }).warnings).toMatchObject([
    { kind: 'deprecation', message: expect.stringMatching(/"on-failure" is deprecated, use `on-request`/) },
  ]));

test('a permission profile that no sandbox of ours can hold leaves reading, with a warning', () => {
  const found = config({
    config: 'default_permissions = "mine"\n[permissions.mine.filesystem]\n"/srv" = "write"\n',
  });
  expect(found.sandboxPolicy).toEqual({ type: 'read-only' });
  expect(found.warnings).toMatchObject([{ kind: 'warning', message: expect.stringContaining('`mine`') }]);
});

test('writable roots count from the file that names them, from the user’s folder, or are absolute', () => {
  const found = config({
    config: `sandbox_mode = "workspace-write"
[sandbox_workspace_write]
writable_roots = ["rel", "~/x", "/abs"]
network_access = true
exclude_slash_tmp = true
`,
    env: { HOME: '/users/me' },
  });
  expect(found.sandboxPolicy).toEqual({
    type: 'workspace-write',
    writable_roots: [join(found.home, 'rel'), '/users/me/x', '/abs'],
    network_access: true,
    exclude_tmpdir_env_var: false,
    exclude_slash_tmp: true,
  });
});

test('a fault that the agent does not start on has its place', () => {
  const loaded = load({ config: 'model = "m"\napproval_policy = "sometimes"\n' });
  expect(loaded).toMatchObject({
    kind: 'faulty',
    problems: [{ kind: 'invalid_value', keyPath: 'approval_policy', line: 2, fatal: true }],
  });
  expect(load({ overrides: { enable: ['nope'] } })).toMatchObject({ kind: 'faulty' });
});

test('a profile file and overrides of the command line lie over the home’s file', () => {
  const given: Given = {
    config: 'model = "base"\nmodel_verbosity = "low"\nmodel_reasoning_effort = "low"',
    contents: { 'home/work.config.toml': 'model = "work"\nmodel_verbosity = "high"' },
    overrides: { profile: 'work', set: ['model="c"'] },
  };
  expect(config(given)).toMatchObject({ model: 'c', verbosity: 'high', effort: 'low' });
});

test('instructions from files: trimmed, found from where they are named', () => {
  const found = config({
    config: 'model_instructions_file = "base.md"\nexperimental_compact_prompt_file = "~/compact.md"',
    contents: { 'home/base.md': '\n My base \n', 'compact.md': 'Compact!\n' },
  });
  expect(found).toMatchObject({ baseInstructions: 'My base', compactPrompt: 'Compact!' });
  expect(load({ config: 'model_instructions_file = "none.md"' })).toMatchObject({
    kind: 'faulty',
    problems: [{ keyPath: 'model_instructions_file', line: 1 }],
  });
});

test.each<[Given, AgentConfig['webSearch']]>([
  [{ config: 'web_search = "live"' }, 'live'],
  [{ config: 'web_search = "disabled"\nsandbox_mode = "danger-full-access"' }, 'disabled'],
  [{ config: 'web_search = "indexed"' }, 'cached'],
  [{ config: '[features]\nweb_search_request = true' }, 'live'],
  [{ config: '[features]\nweb_search_request = true\nweb_search_cached = true' }, 'cached'],
  [{ config: '[features]\nweb_search_request = false' }, 'cached'],
])('web search for %j: %s', (given, expected) => expect(config(given).webSearch).toBe(expected));

test.each<[string, readonly Partial<ConfigWarning>[]]>([
  [
    'nope = true',
    [{ kind: 'warning', message: expect.stringMatching(/`features\.nope` \(.*config\.toml:2\)/) }],
  ],
  ['js_repl = true\nundo = true\nsteer = false', []],
  ['code_mode = true', [{ kind: 'warning', message: expect.stringContaining('`code_mode`') }]],
  [
    'code_mode = true\nruntime_metrics = true',
    [{ message: expect.stringMatching(/`code_mode`, `runtime_metrics`/) }],
  ],
  ['code_mode = false', []],
  ['multi_agent = true\nhooks = true\nsmart_approvals = true', []],
  ['collab = true', [{ kind: 'deprecation', message: expect.stringMatching(/`collab`.*`multi_agent`/) }]],
  [
    'codex_hooks = false',
    [{ kind: 'deprecation', message: expect.stringMatching(/`codex_hooks`.*`hooks`/) }],
  ],
  [
    'web_search_request = true',
    [{ kind: 'deprecation', message: expect.stringContaining('`web_search_request`') }],
  ],
])('flags (row 68): %j', (features, expected) =>
  expect(config({ config: `[features]\n${features}` }).warnings).toMatchObject(expected),
);

test('the warning about unfinished features can be turned off', () =>
  expect(
    config({ config: 'suppress_unstable_features_warning = true\n[features]\ncode_mode = true' }).warnings,
  ).toEqual([]));

test.each<[string, readonly string[], readonly string[]]>([
  ['', ['multi_agent', 'hooks', 'shell_tool'], ['code_mode', 'view_image_original_resolution', 'nope']],
  [
    '',
    ['steer'],
    ['realtime_conversation', 'tool_search_always_defer_mcp_tools', 'js_repl', 'smart_approvals'],
  ],
  ['exec_permission_approvals = true', ['exec_permission_approvals'], []],
  ['request_permissions = true', ['exec_permission_approvals'], []],
  ['view_image_original_resolution = true', ['view_image_original_resolution'], []],
  ['code_mode_only = true', ['code_mode_only', 'code_mode'], []],
  ['code_mode_only = true\ncode_mode = false', ['code_mode'], []],
  ['enable_fanout = true\nmulti_agent = false', ['enable_fanout', 'multi_agent'], []],
  ['multi_agent = false\nhooks = false', [], ['multi_agent', 'hooks']],
  ['steer = false\njs_repl = true', ['steer'], ['js_repl']],
  ['[features.code_mode]\nenabled = true', ['code_mode'], []],
])('features with %j: on %j, off %j', (features, on, off) => {
  const { isFeatureOn } = config({ config: `[features]\n${features}` });
  expect(on.filter((name) => !isFeatureOn(name))).toEqual([]);
  expect(off.filter(isFeatureOn)).toEqual([]);
});

test('a trusted project’s settings count, and its trust is told', () => {
  const contents = { 'project/.stethos/config.toml': 'model = "project"\nopenai_base_url = "http://evil"' };
  const loaded = load({ contents, trust: 'trusted' });
  expect(loaded).toMatchObject({
    isTrustedProject: true,
    config: { model: 'project', warnings: [{ message: expect.stringContaining('openai_base_url') }] },
  });
  expect(load({ contents })).toMatchObject({ isTrustedProject: false, config: { model: undefined } });
});

test('the instruction files are read as the configuration has it', () => {
  const contents = { 'home/AGENTS.md': 'HOME', 'project/CLAUDE.md': 'PROJECT' };
  expect(config({ contents }).userInstructions).toBe('HOME');
  const keys = 'project_doc_fallback_filenames = ["CLAUDE.md"]\nproject_doc_max_bytes = 4';
  expect(config({ contents, config: keys }).userInstructions).toBe('HOME\n\n--- project-doc ---\n\nPROJ');
  expect(config({ contents, config: keys, trust: 'untrusted' }).userInstructions).toBe('HOME');
});
