import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { Files, PathLook } from '../../host/files.ts';
import { codex, stethos } from '../profile.ts';
import type { ConfigFacts, LayerKind } from './facts.ts';
import { stringAt, valueAt } from './facts.ts';
import { loadConfig } from './load.ts';
import type { ConfigOverrides } from './load.ts';

const NO_OVERRIDES: ConfigOverrides = { set: [], enable: [], disable: [] };

interface Situation {
  readonly contents?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly overrides?: Partial<ConfigOverrides>;
}

/** A machine in memory: home in /h, working folder /w, administrator's files in /etc/codex. */
function load({ contents = {}, cwd = '/w', overrides = {} }: Situation): ConfigFacts {
  const holds = (path: string): boolean =>
    Object.keys(contents).some((file) => file === path || file.startsWith(`${path}/`));
  const look = (path: string): PathLook =>
    holds(path)
      ? {
          kind: 'found',
          type: 'file',
          size: 1,
          mode: 0o600,
          uid: 0,
          inode: 1,
          device: 1,
          modifiedAtMs: 0,
          isLink: false,
        }
      : { kind: 'missing' };
  const memory: Files = {
    ...files,
    look,
    realpath: (path) => path,
    readText: (path) => {
      const text = contents[path];
      const facts = look(path);
      return text === undefined || facts.kind !== 'found'
        ? { kind: 'missing' }
        : { kind: 'read', text, facts, truncated: false, validUtf8: true };
    },
  };
  return loadConfig({
    home: { profile: codex, path: '/h', source: 'test' },
    files: memory,
    cwd,
    overrides: { ...NO_OVERRIDES, ...overrides },
    systemFolder: '/etc/codex',
  });
}

const user = (text: string): ConfigFacts => load({ contents: { '/h/config.toml': text } });
const outcome = ({ problems }: ConfigFacts): string => {
  const [worst] = problems.toSorted((a, b) => Number(b.fatal) - Number(a.fatal));
  return worst === undefined
    ? 'accepted'
    : `${worst.fatal ? 'refused' : 'noted'} ${worst.keyPath ?? ''}`.trim();
};

// What codex 0.169 itself does with the same file: `refused` it does not start, `noted` it starts and passes over it.
test.each([
  ['model_context_window = -5', 'accepted'],
  ['model = 5', 'refused model'],
  ['model = ""', 'accepted'],
  ['model_reasoning_effort = "anything"', 'accepted'],
  ['model_reasoning_effort = ""', 'refused model_reasoning_effort'],
  ['mcp_oauth_callback_port = 70000', 'refused mcp_oauth_callback_port'],
  ['project_doc_max_bytes = -1', 'refused project_doc_max_bytes'],
  ['model_post_turn_compact_threshold_percent = 150', 'refused model_post_turn_compact_threshold_percent'],
  ['[tui]\nmouse_scroll_speed = -1', 'refused tui.mouse_scroll_speed'],
  ['[tui]\nmouse_scroll_speed = 0', 'refused tui.mouse_scroll_speed'],
  ['[tui]\nnotifications = ["a"]', 'accepted'],
  ['[tui]\nnotifications = 5', 'refused tui.notifications'],
  ['[tui.keymap.global]\ncopy = ["ctrl-c"]', 'accepted'],
  ['[tui.keymap.global]\ncopy = "ctrl+c"', 'refused tui.keymap.global.copy'],
  ['[features.hooks]\nenabled = true', 'refused features.hooks'],
  ['[otel]\nexporter = { console = {} }', 'refused otel.exporter.console'],
  ['[tools.web_search]\ndepth = 5', 'noted tools.web_search.depth'],
  ['approval_policy = "always"', 'refused approval_policy'],
  ['approval_policy = "on-failure"', 'noted approval_policy'],
  [
    'approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = true } }',
    'accepted',
  ],
  ['approval_policy = { granular = {} }', 'refused approval_policy.granular'],
  ['web_search = true', 'refused web_search'],
  ['[tools]\nweb_search = true', 'accepted'],
  ['[tools]\nweb_search = { context_size = "low" }', 'accepted'],
  ['notify = "x"', 'refused notify'],
  ['features = true', 'refused features'],
  ['[features]\nhooks = 1', 'refused features.hooks'],
  ['[features]\nnope = true', 'noted features.nope'],
  ['[features]\ncodex_hooks = true\nsteer = false', 'accepted'],
  ['[features.multi_agent_v2]\nenabled = true', 'accepted'],
  ['foo = 1', 'noted foo'],
  ['[history]\nfoo = 1', 'noted history.foo'],
  ['[history]\npersistence = "some"', 'refused history.persistence'],
  ['profile = "x"', 'refused profile'],
  ['[profiles.x]\nmodel = "m"', 'noted profiles.x'],
  ['[profiles.x]\nmodel = 5', 'refused profiles.x.model'],
  ['experimental_thread_store_endpoint = "x"', 'refused experimental_thread_store_endpoint'],
  ['projects."/x" = "trusted"', 'refused projects."/x"'],
  ['[projects."/x"]\ntrust_level = "some"', 'refused projects."/x".trust_level'],
  ['[agents]\nmax_threads = 4', 'accepted'],
  ['[agents]\nfoo = 1', 'refused agents.foo'],
  ['[agents.foo]\nnickname_candidates = []', 'noted agents.foo'],
  // Providers.
  ['model_provider = "ollama"', 'accepted'],
  ['model_provider = "gcp"', 'accepted'],
  ['model_provider = "OpenAI"', 'refused model_provider'],
  ['model_provider = ""', 'refused model_provider'],
  ['model_provider = "a"\n[model_providers.a]\nname = "A"', 'accepted'],
  ['[model_providers.a]\nbase_url = "http://x"', 'refused model_providers.a'],
  ['[model_providers.a]\nname = "A"\nwire_api = "chat"', 'refused model_providers.a.wire_api'],
  ['[model_providers.openai]\nname = "x"', 'refused model_providers.openai.name'],
  ['[model_providers.openai]\nsupports_websockets = false', 'accepted'],
  ['[model_providers.amazon-bedrock.aws]\nregion = "x"', 'accepted'],
  ['[model_providers.a]\nname = "A"\naws = { region = "x" }', 'refused model_providers.a.aws'],
  [
    '[model_providers.a]\nname = "A"\nenv_key = "K"\nauth = { command = "c" }',
    'refused model_providers.a.env_key',
  ],
  ['[model_providers.a]\nname = "A"\nauth = { args = [] }', 'refused model_providers.a.auth'],
  // MCP servers.
  ['[mcp_servers.a]\nurl = "http://x"\ncommand = "y"', 'refused mcp_servers.a.url'],
  ['[mcp_servers.a]\nenabled = false', 'refused mcp_servers.a'],
  ['[mcp_servers.a]\nurl = "http://x"\nargs = ["y"]', 'refused mcp_servers.a.args'],
  [
    '[mcp_servers.a]\ncommand = "x"\nbearer_token_env_var = "Y"',
    'refused mcp_servers.a.bearer_token_env_var',
  ],
  ['[mcp_servers.a]\nurl = "http://x"\nbearer_token = "y"', 'refused mcp_servers.a.bearer_token'],
  ['[mcp_servers.a]\ncommand = 5', 'refused mcp_servers.a.command'],
  ['[mcp_servers."a b"]\ncommand = "x"\nenv_vars = ["A", { name = "B", source = "local" }]', 'accepted'],
  // Permissions.
  ['default_permissions = ":workspace"', 'accepted'],
  ['default_permissions = ":nope"', 'refused default_permissions'],
  ['[permissions.a.filesystem]\n"/x" = "read"', 'refused permissions'],
  [
    'default_permissions = "a"\n[permissions.a.filesystem]\n"rel" = "write"',
    'refused permissions.a.filesystem.rel',
  ],
  [
    'default_permissions = "a"\n[permissions.a.filesystem]\n"/x" = "some"',
    'refused permissions.a.filesystem."/x"',
  ],
  ['default_permissions = "a"\n[permissions.a.filesystem.":workspace_roots"]\n"." = "write"', 'accepted'],
  [
    'default_permissions = "a"\n[permissions.a]\nextends = ":danger-full-access"',
    'refused permissions.a.extends',
  ],
  // Hooks and telemetry.
  ['[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "x"', 'accepted'],
  ['[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"', 'refused hooks.Stop[0].hooks[0]'],
  ['[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "some"', 'refused hooks.Stop[0].hooks[0].type'],
  ['[otel]\nexporter = "otlp-http"', 'refused otel.exporter'],
  ['[otel.exporter.otlp-http]\nendpoint = "x"\nprotocol = "json"', 'accepted'],
  ['[otel.exporter.otlp-http]\nendpoint = "x"', 'refused otel.exporter.otlp-http'],
  // Files read at start.
  ['model_catalog_json = "/nope"', 'refused model_catalog_json'],
  ['model_instructions_file = "nope.md"', 'refused model_instructions_file'],
])('%s', (text, expected) => expect(outcome(user(text))).toBe(expected));

test('a value that does not fit is left out, with its place and the nearest word', () => {
  const { effective, problems } = user('model = "m"\napproval_policy = "on_request"\n');
  expect(effective).toEqual({ model: 'm' });
  expect(problems).toMatchObject([
    {
      kind: 'invalid_value',
      line: 2,
      column: 1,
      keyPath: 'approval_policy',
      suggestion: 'on-request',
      fatal: true,
    },
  ]);
});

test('a wrong value is never repeated when it could be a secret', () => {
  const secret = 'sk-proj-0123456789abcdef0123456789abcdef';
  for (const text of [
    `approval_policy = "${secret}"`,
    `notify = "${secret}"`,
    `model = ["${secret}"]`,
    `x = ${secret}`,
  ])
    expect(JSON.stringify(user(text).problems)).not.toContain(secret);
});

test('files named for the start are looked up beside the file that names them', () => {
  const named = 'model_catalog_json = "c.json"\nmodel_instructions_file = "i.md"';
  const contents = { '/h/config.toml': named, '/h/c.json': '{"models":[{}]}', '/h/i.md': 'text' };
  expect(outcome(load({ contents }))).toBe('accepted');
  expect(outcome(load({ contents: { ...contents, '/h/c.json': '{' } }))).toBe('refused model_catalog_json');
  expect(outcome(load({ contents: { ...contents, '/h/i.md': ' ' } }))).toBe(
    'refused model_instructions_file',
  );
});

const TRUSTED = '[projects."/w"]\ntrust_level = "trusted"\n';
const LAYERS = {
  system: '/etc/codex/config.toml',
  user: '/h/config.toml',
  profile: '/h/work.config.toml',
  project: '/w/.codex/config.toml',
  override: '',
  managed: '/etc/codex/managed_config.toml',
} as const satisfies Record<LayerKind, string>;
const RISING = Object.keys(LAYERS) as LayerKind[];

test('of all layers that set a key, the highest decides, and tables are merged key by key', () =>
  fc.assert(
    fc.property(fc.subarray(RISING, { minLength: 1 }), fc.subarray(RISING), (models, themes) => {
      const contents: Record<string, string> = {};
      for (const kind of RISING.filter((layer) => layer !== 'override')) {
        const model = models.includes(kind) ? `model = "${kind}"\n` : '';
        const theme = themes.includes(kind) ? `[tui]\ntheme = "${kind}"\n` : '[tui]\nanimations = true\n';
        contents[LAYERS[kind]] = `${model}${theme}${kind === 'user' ? TRUSTED : ''}`;
      }
      const set = [
        ...(models.includes('override') ? ['model=override'] : []),
        ...(themes.includes('override') ? ['tui.theme=override'] : []),
      ];
      const facts = load({
        contents: { ...contents, '/w/.git/HEAD': '' },
        overrides: { profile: 'work', set },
      });
      for (const [key, kinds] of [
        ['model', models],
        ['tui.theme', themes],
      ] as const) {
        const expected = RISING.findLast((kind) => kinds.includes(kind));
        expect(stringAt(facts.effective, key)).toBe(expected);
        expect(facts.sourceOf(key)?.kind).toBe(expected);
      }
      expect(valueAt(facts.effective, 'tui.animations')).toBe(
        RISING.every((kind) => kind === 'override' || themes.includes(kind)) ? undefined : true,
      );
      expect(facts.problems).toEqual([]);
    }),
  ));

test('a project counts only when it is trusted, from its root down, and not for keys that move a credential', () => {
  const contents = {
    '/w/.git/HEAD': '',
    '/w/.codex/config.toml': 'model = "root"\nopenai_base_url = "http://evil"\nmodel_verbosity = "low"\n',
    '/w/a/.codex/config.toml': 'model = "below"\n',
    '/h/config.toml': 'model = "user"\n',
  };
  const stranger = load({ contents, cwd: '/w/a' });
  expect(stringAt(stranger.effective, 'model')).toBe('user');
  expect(stranger.layers.filter(({ kind }) => kind === 'project').map(({ state }) => state)).toEqual([
    'untrusted',
    'untrusted',
  ]);
  expect(stranger.project).toEqual({ root: '/w', trust: 'unknown' });
  expect(stranger.folders).toEqual(['/etc/codex', '/h']);

  const trusted = load({
    contents: { ...contents, '/h/config.toml': `model = "user"\n${TRUSTED}` },
    cwd: '/w/a',
  });
  expect(stringAt(trusted.effective, 'model')).toBe('below');
  expect(trusted.folders).toEqual(['/etc/codex', '/h', '/w/.codex', '/w/a/.codex']);
  expect(trusted.sourceOf('model_verbosity')?.origin).toBe('/w/.codex/config.toml');
  expect(valueAt(trusted.effective, 'openai_base_url')).toBeUndefined();
  expect(trusted.problems).toMatchObject([
    { kind: 'ignored_key', keyPath: 'openai_base_url', line: 2, layer: 'project' },
  ]);
});

test('trust given to a repository holds in its linked worktree; trust of a parent folder does not', () => {
  const contents = {
    '/w/.git': 'gitdir: /main/.git/worktrees/w\n',
    '/w/.codex/config.toml': 'model = "project"\n',
    '/h/config.toml': '[projects."/main"]\ntrust_level = "trusted"\n',
  };
  expect(stringAt(load({ contents }).effective, 'model')).toBe('project');
  const parent = {
    ...contents,
    '/w/.git': '',
    '/h/config.toml': '[projects."/"]\ntrust_level = "trusted"\n',
  };
  expect(load({ contents: parent }).project.trust).toBe('unknown');
});

test('started from the user’s own folder, the home is not taken for a project', () => {
  const home = temporaryHome({ '.codex/config.toml': 'model = "user"\n' });
  const path = join(home, '.codex');
  const facts = loadConfig({
    home: { profile: codex, path, source: 'test' },
    files,
    cwd: home,
    overrides: NO_OVERRIDES,
    systemFolder: '/nowhere',
  });
  expect(facts.layers.map(({ kind }) => kind)).toEqual(['user']);
});

test.each([
  [{ set: ['model=m'] }, 'm', 'accepted'],
  [{ set: ['model="m n"'] }, 'm n', 'accepted'],
  [{ set: ['model=m n'] }, 'm n', 'accepted'],
  [{ set: ['model=5'] }, undefined, 'refused model'],
  [{ set: ['model'] }, undefined, 'refused'],
  [{ set: ['=1'] }, undefined, 'refused'],
  [{ set: ['foo.bar=1'] }, undefined, 'noted foo'],
  [{ enable: ['nope'] }, undefined, 'refused features.nope'],
  [{ enable: ['hook'] }, undefined, 'refused features.hook'],
  [{ profile: '../x' }, undefined, 'refused'],
])('on the command line: %j', (overrides: Partial<ConfigOverrides>, model, expected) => {
  const facts = load({ overrides });
  expect(stringAt(facts.effective, 'model')).toBe(model);
  expect(outcome(facts)).toBe(expected);
});

test.each([
  { profile: codex, expected: 'noted' },
  { profile: stethos, expected: 'refused' },
])('$profile.id: a profile that is not there', ({ profile, expected }) => {
  const home = temporaryHome({ 'config.toml': 'model = "user"', 'work.config.toml': 'model = "work"' });
  const loaded = (name: string): ConfigFacts =>
    loadConfig({
      home: { profile, path: home, source: 'test' },
      files,
      cwd: home,
      overrides: { ...NO_OVERRIDES, profile: name },
      systemFolder: '/nowhere',
    });
  expect(outcome(loaded('nope'))).toBe(expected);
  expect(loaded('nope').problems[0]?.message).toContain(join(home, 'nope.config.toml'));
  expect(outcome(loaded('work'))).toBe('accepted');
});

test('flags: -c, then --enable, then --disable; older spellings set the flag they stand for', () => {
  const flags = (overrides: Partial<ConfigOverrides>, text = ''): Readonly<Record<string, boolean>> =>
    load({ contents: { '/h/config.toml': text }, overrides }).features;
  expect(flags({ set: ['features.hooks=false'], enable: ['hooks'] })).toEqual({ hooks: true });
  expect(flags({ enable: ['hooks'], disable: ['hooks'] })).toEqual({ hooks: false });
  expect(flags({ disable: ['hooks'] }, '[features]\ncodex_hooks = true')).toEqual({ hooks: false });
  expect(flags({}, 'experimental_use_unified_exec_tool = true')).toEqual({ unified_exec: true });
  expect(load({ contents: { '/h/config.toml': '[features]\ncollab = true' } }).flags).toMatchObject([
    { name: 'multi_agent', writtenAs: 'collab', stage: 'deprecated' },
  ]);
});

test('an administrator’s requirements win over everything and say whom they overrule', () => {
  const facts = load({
    contents: {
      '/h/config.toml':
        'approval_policy = "never"\nsandbox_mode = "danger-full-access"\n[features]\nhooks = true\n',
      '/etc/codex/requirements.toml':
        'allowed_approval_policies = ["on-request"]\nallowed_sandbox_modes = ["read-only", "workspace-write"]\n[features]\nhooks = false\n',
    },
  });
  expect(facts.effective).toMatchObject({
    approval_policy: 'on-request',
    sandbox_mode: 'read-only',
    features: { hooks: false },
  });
  expect(facts.sourceOf('approval_policy')?.origin).toBe('/etc/codex/requirements.toml');
  expect(facts.problems.map(({ kind, keyPath, fatal }) => [kind, keyPath, fatal])).toEqual([
    ['shadowed_key', 'approval_policy', false],
    ['shadowed_key', 'sandbox_mode', false],
  ]);
  const silent = load({
    contents: { '/etc/codex/requirements.toml': 'allowed_approval_policies = ["never"]\n' },
  });
  expect(silent.effective).toEqual({ approval_policy: 'never' });
  expect(silent.problems).toEqual([]);
});

describe('a built-in provider of the embedded core', () => {
  test.each([
    ['openai', 'request_max_retries = 2', []],
    ['openai', 'websocket_startup_timeout_ms = 900', []],
    ['openai', 'base_url = "http://x"', ['model_providers.openai.base_url']],
    ['openai', 'env_key = "KEY"', ['model_providers.openai.env_key']],
    ['amazon-bedrock', 'aws = { region = "x" }', []],
    ['amazon-bedrock', 'supports_websockets = false', []],
    ['amazon-bedrock', 'supports_websockets = true', ['model_providers.amazon-bedrock.supports_websockets']],
    [
      'amazon-bedrock',
      'experimental_bearer_token = "x"\nauth = { command = "c" }\nrequires_openai_auth = true',
      ['experimental_bearer_token', 'auth', 'requires_openai_auth'].map(
        (key) => `model_providers.amazon-bedrock.${key}`,
      ),
    ],
  ])('%s: %s', (id, line, refused) => {
    const home = temporaryHome({ 'config.toml': `[model_providers.${id}]\n${line}` });
    const { problems } = loadConfig({
      home: { profile: stethos, path: home, source: 'test' },
      files,
      cwd: home,
      overrides: NO_OVERRIDES,
      systemFolder: '/nowhere',
    });
    expect(problems.filter(({ fatal }) => fatal).map(({ keyPath }) => keyPath)).toEqual(refused);
  });
});

test('a provider that was removed is replaced by name', () =>
  expect(user('model_provider = "ollama-chat"').problems[0]?.suggestion).toBe('ollama'));

test('of an API that was removed it is said that it was, and what took its place', () =>
  expect(user('[model_providers.a]\nname = "A"\nwire_api = "chat"').problems[0]).toMatchObject({
    message: expect.stringMatching(/removed/) as string,
    found: 'the text "chat"',
    suggestion: 'responses',
    fatal: true,
  }));

test('the embedded core may extend a built-in provider and has flags and keys of its own', () => {
  const home = temporaryHome({
    'config.toml':
      '[model_providers.openai]\nsupports_websockets = true\n[features]\nsmart_approvals = true\n[feedback]\ndsn = "https://k@h/1"\n',
  });
  const facts = loadConfig({
    home: { profile: stethos, path: home, source: 'test' },
    files,
    cwd: home,
    overrides: NO_OVERRIDES,
    systemFolder: '/nowhere',
  });
  expect(facts.problems).toEqual([]);
  expect(facts.features).toEqual({ smart_approvals: true });
  expect(outcome(user('[feedback]\ndsn = "https://k@h/1"\n'))).toBe('noted feedback.dsn');
});

function inPlaceOfFile(make: (path: string) => void): ConfigFacts {
  const home = temporaryHome();
  make(join(home, 'config.toml'));
  return loadConfig({
    home: { profile: codex, path: home, source: 'test' },
    files,
    cwd: home,
    overrides: NO_OVERRIDES,
    systemFolder: '/nowhere',
  });
}

test.each<[string, (path: string) => void, object]>([
  ['a folder', (path) => mkdirSync(path), { readFault: 'wrong_type', fatal: true }],
  ['a device', (path) => symlinkSync('/dev/null', path), { readFault: 'wrong_type', fatal: true }],
  [
    'a link to nowhere',
    (path) => symlinkSync(join(dirname(path), 'none'), path),
    { readFault: 'missing', fatal: false },
  ],
  ['a link to itself', (path) => symlinkSync(path, path), { readFault: 'loop', fatal: true }],
  [
    'bytes that are not UTF-8',
    (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x3d])),
    { readFault: 'not_utf8', fatal: true },
  ],
  [
    'more than anybody writes',
    (path) => writeFileSync(path, '#'.repeat(5 * 1024 * 1024)),
    { readFault: 'too_large', fatal: false },
  ],
])('in place of the file: %s', (_name, make, expected) =>
  expect(inPlaceOfFile(make).problems).toMatchObject([{ kind: 'unreadable', layer: 'user', ...expected }]),
);

test('a byte order mark and Windows line ends are fine', () =>
  expect(
    inPlaceOfFile((path) => writeFileSync(path, '\ufeffmodel = "m"\r\n[tui]\r\ntheme = "t"\r\n')).effective,
  ).toEqual({
    model: 'm',
    tui: { theme: 't' },
  }));

test('hostile keys change nothing outside and are named with bounds', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `key_${index} = 1`).join('\n');
  const { problems } = user(
    `${many}\n[__proto__]\npolluted = true\n[mcp_servers.__proto__]\ncommand = "x"\n`,
  );
  expect(problems.length).toBeLessThan(200);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
