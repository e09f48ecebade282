import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { helpPages } from '../../src/cli/command-line.ts';
import { ENVIRONMENT } from './environment.ts';
import { manPages } from './pages.ts';
import { escapeRoff } from './roff.ts';

const root = join(import.meta.dirname, '../..');
const pages = manPages({ version: '0.1.0', date: '2026-12-31' });

/** What a reader sees, without the marks of roff. */
const read = (page: string): string =>
  page
    .replaceAll(/\\f[BIR]/g, '')
    .replaceAll(String.raw`\-`, '-')
    .replaceAll(String.raw`\(dq`, '"')
    .replaceAll(String.raw`\&`, '')
    .replaceAll(String.raw`\e`, '\\')
    .replaceAll(/\\\[u([\dA-F]+)\]/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

test('each command has a page, which npm installs', () => {
  const names = ['stethos.1', ...[...COMMANDS.keys()].map((name) => `stethos-${name}.1`)];
  expect([...pages.keys()]).toEqual(names);
  const { man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly man: readonly string[];
  };
  // npm finds no folder by itself: each page is listed.
  expect(man).toEqual(names.map((name) => `./dist/man/${name}`));
});

test('a page has every option of the help of its command, and the overview every command', async () => {
  const help = await helpPages();
  const missing = [...COMMANDS.keys()].flatMap((name) => {
    const page = read(pages.get(`stethos-${name}.1`) ?? '');
    const options = [...(help[name] ?? '').matchAll(/^ {2,6}(?:-\w, )*(--[\w-]+)/gm)].map(
      ([, each = '']) => each,
    );
    expect(options).toContain('--help');
    return options.filter((option) => option !== '--version' && !page.includes(option));
  });
  expect(missing).toEqual([]);
  const overview = read(pages.get('stethos.1') ?? '');
  for (const name of COMMANDS.keys()) expect(overview).toContain(`stethos-${name}(1)`);
});

/** Marks of our own processes, and the beginning of names. */
const NOT_FOR_USERS = new Set(['STETHOS_PROBE', 'STETHOS_PLUGIN_PROCESS', 'STETHOS_MANAGED']);

test('every variable of ours that the program reads is explained', () => {
  const sources = ['src', 'checks', 'reporters', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|js)$/.test(path) && !path.endsWith('.test.ts'))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );
  const variables = new Set(sources.flatMap((text) => text.match(/\bSTETHOS_[A-Z][A-Z_]*[A-Z]\b/g) ?? []));
  expect(variables.size).toBeGreaterThan(5);
  expect([...variables].filter((name) => !ENVIRONMENT.has(name) && !NOT_FOR_USERS.has(name))).toEqual([]);
  const overview = pages.get('stethos.1') ?? '';
  expect([...ENVIRONMENT.keys()].filter((name) => !overview.includes(name))).toEqual([]);
});

test('a variable does not say what paths in a file are meant from', () => {
  expect([...ENVIRONMENT.values()].filter((text) => text.includes('folder of stethos.toml'))).toEqual([]);
});

test('no text becomes an instruction of roff', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = escapeRoff(text);
      expect(escaped).not.toMatch(/^[.']/m);
      expect(Buffer.from(escaped)).toHaveLength(escaped.length);
      expect(read(escaped)).toBe(text);
    }),
  );
});
