import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { launchOf } from './launch.ts';
import type { StdioTransport } from './launch.ts';

const transport = (more: Partial<StdioTransport>): StdioTransport => ({
  kind: 'stdio',
  command: '/bin/sh',
  args: [],
  cwd: undefined,
  environment: {},
  variables: [],
  ...more,
});

// The list was recorded from codex 0.169: a server that wrote down its environment.
test('a server inherits little', () => {
  const environment = {
    HOME: '/home/u',
    PATH: '/bin',
    TZ: 'UTC',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    HTTPS_PROXY: 'http://proxy',
    CODEX_HOME: '/home/u/.codex',
    LD_PRELOAD: 'x',
    HANDED: 'on',
    OWN: 'outer',
    UNSET: undefined,
  };
  const launch = launchOf(
    transport({
      environment: { OWN: 'inner', TZ: 'CET' },
      variables: ['HANDED', 'UNSET', 'OWN'].map((name) => ({ name, source: 'local' })),
    }),
    { cwd: '/', environment, files },
  );
  expect(launch?.environment).toEqual({
    HOME: '/home/u',
    PATH: '/bin',
    TZ: 'CET',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    HANDED: 'on',
    OWN: 'inner',
  });
});

test('what must not be shown are its values, and arguments that are not shown elsewhere', () => {
  const launch = launchOf(
    transport({
      args: ['--port', '3000', '--token', 'hush-hush'],
      environment: { A: 'hidden-a' },
      variables: [{ name: 'B', source: 'local' }],
    }),
    { cwd: '/', environment: { B: 'hidden-b', C: 'shown' }, files },
  );
  expect(launch?.secrets).toEqual(['hidden-a', 'hidden-b', 'hush-hush']);
});

test('its command and folder are found as the agent finds them', () => {
  const home = temporaryHome({ 'tools/tool': '' });
  chmodSync(join(home, 'tools/tool'), 0o755);
  const around = { cwd: home, environment: { PATH: '/bin' }, files };
  const tool = join(home, 'tools/tool');
  expect(launchOf(transport({ command: './tool', cwd: 'tools' }), around)).toMatchObject({
    path: tool,
    cwd: join(home, 'tools'),
  });
  expect(
    launchOf(transport({ command: 'tool', environment: { PATH: join(home, 'tools') } }), around),
  ).toMatchObject({ path: tool, cwd: home });
  expect(launchOf(transport({ command: 'tool' }), around)).toBeUndefined();
});
