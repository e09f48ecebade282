import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Rooms by the number of DESIGN section 1; a file may import from its own room and from rooms of a smaller number. */
const ROOMS: Readonly<Record<string, number>> = {
  'src/redact': 1,
  'src/host': 1,
  'src/net': 2,
  'src/page': 2,
  'src/store': 2,
  'src/target': 3,
  'src/mcp': 4,
  'src/telemetry': 4,
  'src/trace': 5,
  'src/agent': 6,
  'src/doctor': 7,
  checks: 8,
  reporters: 8,
  'src/settings': 8,
  'src/feedback': 9,
  'src/plugins': 9,
  'src/history': 9,
  'src/testing': 9,
  'src/cli': 10,
  'src/library': 10,
  'src/index.ts': 11,
};

/** Source files below these folders, with `/` between parts. Not the whole checkout: caches come and go in it. */
const sourcesBelow = (...folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('.test.ts')),
  );

const sources = sourcesBelow('src', 'checks', 'reporters');

const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS).find((room) => path === room || path.startsWith(`${room}/`));

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

const localImports = sources.flatMap((path) =>
  importsOf(path)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({
      path,
      imported: relative(root, resolve(root, dirname(path), specifier)).replaceAll('\\', '/'),
    })),
);

test('the walk found the house', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(localImports.length).toBeGreaterThan(60);
});

test('every source file stands in a room of the plan', () => {
  expect(sources.filter((path) => roomOf(path) === undefined)).toEqual([]);
});

test('a room imports only from rooms before it', () => {
  const wrong = localImports.filter(({ path, imported }) => {
    const [from, to] = [roomOf(path), roomOf(imported)];
    return from !== to && from !== undefined && to !== undefined && (ROOMS[to] ?? 0) >= (ROOMS[from] ?? 0);
  });
  expect(wrong).toEqual([]);
});

test('a check touches the world only through its context', () => {
  const wrong = sources
    .filter((path) => path.startsWith('checks/'))
    .flatMap((path) => importsOf(path).map((specifier) => `${path}: ${specifier}`))
    .filter((line) =>
      /: (node:(fs|child_process|os|net|http|tls|dns|worker_threads|sqlite)|better-sqlite3)/.test(line),
    );
  expect(wrong).toEqual([]);
});

test('reporters read finished, redacted data, spell units and write HTML; nothing else', () => {
  const allowed =
    /^(reporters\/|src\/doctor\/(report|failure)\.ts|src\/redact\/|src\/page\/|src\/host\/units\.ts)/;
  expect(
    localImports.filter(({ path, imported }) => path.startsWith('reporters/') && !allowed.test(imported)),
  ).toEqual([]);
});

/** Every way that a module of Node, a package or a global opens a connection. Types may be imported anywhere. */
const OPENS_CONNECTIONS = new RegExp(
  [
    String.raw`(?<!\.)\bfetch\((?!\))`,
    String.raw`\bglobalThis\.(fetch|WebSocket|EventSource)\b(?!;|>|\))`,
    String.raw`new (WebSocket|EventSource)\(`,
    String.raw`createConnection\(`,
    String.raw`(?<!import type [^;]{1,200})from '(node:)?(https?|http2|net|tls|dgram|dns)(/promises)?'`,
    String.raw`(?<!import type [^;]{1,200})from '(undici|ws|socks)'`,
    String.raw`(import|require)\('(undici|ws|socks|(node:)?(https?|http2|net|tls|dgram|dns)(/promises)?)'\)`,
    String.raw`getBuiltinModule\('node:(https?|http2|net|tls|dgram|dns)(/promises)?'\)`,
  ].join('|'),
);

/** All that ships or runs beside it; tests and fixtures are servers and their clients. */
const everySource = [...sources, ...sourcesBelow('bench', 'scripts', 'bin')];

test('nothing outside src/net opens a connection', () => {
  expect(
    everySource.filter(
      (path) =>
        !path.startsWith('src/net/') &&
        // Servers for tests: they answer, and call nobody.
        !path.startsWith('src/testing/') &&
        OPENS_CONNECTIONS.test(readFileSync(join(root, path), 'utf8')),
    ),
  ).toEqual([]);
});

test.each([
  ["import { connect } from 'node:net';", true],
  ["import type { Socket } from 'node:net';", false],
  ["import type {\n  Socket,\n} from 'net';", false],
  ["import { request } from 'undici';", true],
  ["const { WebSocket } = await import('ws');", true],
  ["process.getBuiltinModule('node:tls').connect({});", true],
  ["await fetch('http://host');", true],
  ['await network.fetch();', false],
  ['const send: typeof globalThis.fetch;', false],
  ['globalThis.fetch(url);', true],
  ['new WebSocket(url);', true],
])('the guard on %s: %s', (line, opens) => expect(OPENS_CONNECTIONS.test(line)).toBe(opens));
