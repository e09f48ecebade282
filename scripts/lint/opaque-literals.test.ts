import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNode } from '../../fixtures/run.ts';

const root = join(import.meta.dirname, '..', '..');

/** Each line of the linted file, with the literals that the rule names in it; none when the line may stand. */
const LINES: readonly (readonly [code: string, named?: string])[] = [
  ['f(true, null, 3);', 'true, null, 3'],
  ['run(x, false);', 'false'],
  ['run(undefined, x);', 'undefined'],
  ['object.method(x, null);', 'null'],
  ['optional?.method(x, null);', 'null'],
  ['run(x, null as never);', 'null as never'],
  ['run(x, undefined!);', 'undefined!'],
  ['new Thing(x, true);', 'true'],
  ['resize(80, 24);', '80, 24'],
  ['resize(-80, 24n);', '-80, 24n'],
  ['resize(0, 24);', '24'],
  ['run("name", 7, true);', '7, true'],
  ['run(...rest, true);', 'true'],
  ['expect(await examine(x, {}, false)).toBe(null);', 'false'],
  ['mathematics.run(80, 24);', '80, 24'],
  ['slice(80, 24);', '80, 24'],

  ['f(true);'],
  ['f(null);'],
  ['f({ deep: true, limit: null, depth: 3 });'],
  ['f(x, [true, null, 3]);'],
  ['f("text", `text`);'],
  ['f(/x/u, y);'],
  ['move(0, 1, -1);'],
  ['retry(x, 3);'],
  ['text.padEnd(12, " ");'],
  ['expect(x).toBe(true);'],
  ['JSON.stringify(x, null, 2);'],
  ['JSON.stringify(x, undefined, 2);'],
  ['bytes.slice(4, 8);'],
  ['f(x).slice(4, 8);'],
  ['Math.max(2, 3);'],
  ['new Date(2026, 5, 30);'],
  ['Date.UTC(2026, 5, 30);'],
  ['bytes.writeUInt32BE(9, 24);'],
  ['bytes.writeBigUInt64LE(9n, 24);'],
  ['view.setInt8(4, 9);'],
  ['readSync(file, bytes, 0, 16, 32);'],
  ['fs.readSync(file, bytes, 0, 16, null);'],
  ['await sleep(100, undefined, { signal });'],
  ['seen.set(x, true);'],
];

let folder: string;
let named: ReadonlyMap<number, string>;
let complaint: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stethos-lint-'));
  const file = join(folder, 'calls.ts');
  writeFileSync(file, LINES.map(([code]) => `${code}\n`).join(''));
  // The repository's own configuration: the test also holds that the rule is turned on.
  const { stdout, stderr } = await runNode([
    join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'),
    '--config',
    join(root, '.oxlintrc.json'),
    '--format=json',
    file,
  ]);
  complaint = stderr;
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; message: string; labels: { span: { line: number } }[] }[];
  };
  named = new Map(
    diagnostics
      .filter(({ code }) => code === 'stethos(opaque-literals)')
      .map(({ message, labels }) => [labels[0]?.span.line ?? 0, message]),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the plugin loads', () => {
  expect(complaint).toBe('');
});

test.each(LINES.map(([code, literals], index) => ({ code, literals, line: index + 1 })))(
  '$code',
  ({ literals, line }) => {
    expect(named.get(line)).toBe(
      literals === undefined
        ? undefined
        : `Nobody can tell here what ${literals} means: take an options object or a named constant.`,
    );
  },
);
