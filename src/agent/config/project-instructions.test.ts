import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { ProjectFacts } from '../../target/config/facts.ts';
import { projectInstructions } from './project-instructions.ts';

interface Given {
  /** Below a folder that holds `home` and `project`. */
  readonly contents: Readonly<Record<string, string>>;
  /** Below the project. */
  readonly cwd?: string;
  readonly trust?: ProjectFacts['trust'];
  readonly maxBytes?: number;
  /** The project's root is the working directory, as without any root marker. */
  readonly rootIsCwd?: boolean;
}

function read({ contents, cwd = '.', trust = 'unknown', maxBytes = 1024, rootIsCwd = false }: Given) {
  const base = temporaryHome(contents);
  const folder = join(base, 'project', cwd);
  mkdirSync(folder, { recursive: true });
  return projectInstructions(
    {
      home: join(base, 'home'),
      cwd: folder,
      project: { root: rootIsCwd ? folder : join(base, 'project'), trust },
      files,
    },
    { maxBytes, fallbackNames: ['CLAUDE.md'] },
  );
}

test('instructions of home and project are joined from the outside in', () => {
  const contents = {
    'home/AGENTS.md': '  HOME  \n\n',
    'project/AGENTS.md': '  TOP\n\n',
    'project/sub/deep/AGENTS.md': 'DEEP',
    'AGENTS.md': 'ABOVE THE PROJECT',
  };
  const given = { contents, cwd: 'sub/deep' };
  const all = 'HOME\n\n--- project-doc ---\n\n  TOP\n\n\n\nDEEP';
  expect(read(given)).toBe(all);
  expect(read({ ...given, trust: 'trusted' })).toBe(all);
  expect(read({ ...given, trust: 'untrusted' })).toBe('HOME');
  expect(read({ ...given, rootIsCwd: true })).toBe('HOME\n\n--- project-doc ---\n\nDEEP');
  expect(read({ ...given, maxBytes: 0 })).toBe('HOME');
  expect(read({ contents: { 'project/AGENTS.md': 'TOP' } })).toBe('TOP');
  expect(read({ contents: {} })).toBeUndefined();
});

test.each<[Readonly<Record<string, string>>, string | undefined]>([
  [{ 'project/AGENTS.md': 'a', 'project/AGENTS.override.md': 'o' }, 'o'],
  [{ 'project/CLAUDE.md': 'c' }, 'c'],
  [{ 'project/AGENTS.md': '', 'project/CLAUDE.md': 'c' }, undefined],
  [{ 'project/AGENTS.override.md': ' \n', 'project/AGENTS.md': 'a' }, undefined],
  [{ 'project/AGENTS.md/x': '', 'project/CLAUDE.md': 'c' }, 'c'],
  [{ 'home/AGENTS.override.md': ' \n', 'home/AGENTS.md': 'h' }, 'h'],
  [{ 'home/AGENTS.override.md': 'o', 'home/AGENTS.md': 'h' }, 'o'],
])('of the files of a folder, %j, this counts: %s', (contents, expected) =>
  expect(read({ contents })).toBe(expected),
);

test.each([
  [8, 'HOME\n\n--- project-doc ---\n\nÄÖÜ\n\nDE'],
  [5, 'HOME\n\n--- project-doc ---\n\nÄÖ'],
  [1, 'HOME'],
])('the project’s files have %i bytes together, and no character is cut', (maxBytes, expected) => {
  const contents = { 'home/AGENTS.md': 'HOME', 'project/AGENTS.md': 'ÄÖÜ', 'project/sub/AGENTS.md': 'DEEP' };
  expect(read({ contents, cwd: 'sub', maxBytes })).toBe(expected);
});
