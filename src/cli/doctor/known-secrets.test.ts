import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import type { RedactedReport } from '../../doctor/report.ts';

/** A key and a header that no rule knows, as the installation keeps them. */
const SECRETS = ['nightingale', 'swordfish'] as const;

/** A home whose own path repeats its secrets, so that most of what a report says does. */
function telltale(): { readonly home: string; readonly env: Readonly<Record<string, string>> } {
  const user = temporaryHome();
  const home = join(user, ...SECRETS);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'auth.json'), '{"auth_mode":"apikey","OPENAI_API_KEY":"nightingale"}', {
    mode: 0o600,
  });
  writeFileSync(
    join(home, 'config.toml'),
    'no_such_key = true\n[model_providers.lab]\nname = "Lab"\nhttp_headers = { x-auth = "swordfish" }\n',
  );
  return { home, env: { HOME: user, CODEX_HOME: home, PATH: '/usr/bin:/bin' } };
}

const OFFLINE = ['--offline', '--no-exec', '--only', 'state.paths', '--only', 'config.*'];

test.each([
  ['doctor --json', ['doctor', '--json', ...OFFLINE]],
  ['wait', ['wait', '--for', '1s', '--every', '1s', ...OFFLINE]],
])('%s hides what the examined home keeps secret', async (_name, argv) => {
  const { env } = telltale();
  const { stdout, stderr } = await stethos(argv, { env });
  expect(stdout).toContain('<known-secret:');
  for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
});

const placeholders = (data: unknown): string[] => [
  ...new Set(JSON.stringify(data).match(/<known-secret:\d+>\/<known-secret:\d+>/g)),
];

test('rows that are told early have the placeholders of the report', async () => {
  const { env } = telltale();
  const { stdout } = await stethos(['doctor', '--format', 'ndjson', ...OFFLINE], { env });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; check?: object; report?: RedactedReport });
  const rows = events.filter(({ type }) => type === 'check_finished');
  expect(placeholders(rows)).toHaveLength(1);
  expect(placeholders(events.at(-1))).toEqual(placeholders(rows));
});

test('so does nagios, also for what it was told itself', async () => {
  const { stdout } = await stethos(['nagios', '--only', 'swordfish'], { env: telltale().env });
  expect(stdout).toMatch(/UNKNOWN.*<known-secret:1>/);
});

test('so do those who show a saved report', async () => {
  const { home, env } = telltale();
  const said = { ...sampleReport, target: { ...sampleReport.target, home } };
  const path = join(temporaryHome(), 'report.json');
  writeFileSync(path, JSON.stringify(said));
  const shown = await stethos(['doctor', '--from', path, '--json'], { env });
  const compared = await stethos(['diff', path, path, '--json'], { env });
  for (const { stdout } of [shown, compared]) {
    expect(stdout).toContain('<known-secret:');
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
  }
});

test.each([
  ['auth.json', '{"OPENAI_API_KEY":'],
  ['config.toml', '= no TOML'],
])(
  'a broken %s does not keep the other from being hidden, nor the report from being made',
  async (name, text) => {
    const { home, env } = telltale();
    writeFileSync(join(home, name), text);
    const { stdout, stderr } = await stethos(['doctor', '--json', ...OFFLINE], { env });
    expect(stderr).toBe('');
    expect(stdout).not.toContain(name === 'auth.json' ? 'swordfish' : 'nightingale');
    expect((JSON.parse(stdout) as RedactedReport).counts).toMatchObject({ crashed: 0, incomplete: 0 });
  },
);
