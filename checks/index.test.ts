import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRegistry } from '../src/doctor/registry.ts';
import { builtInChecks } from './index.ts';

const folder = import.meta.dirname;
const pages = join(folder, '..', 'docs', 'checks');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && path !== 'index.ts')
  .filter((path) => readFileSync(join(folder, path), 'utf8').includes('export default defineCheck'));
const ids = builtInChecks.map((check) => check.id);
const pathOf = (id: string): string => `${id.replace('.', '/')}.ts`;

test('the registry accepts the built-in checks', () => {
  expect(createRegistry(builtInChecks).checks.length).toBeGreaterThan(20);
});

test('an id is the path of its file, and every file is registered', () => {
  expect(ids.map(pathOf).toSorted()).toEqual(files.toSorted());
});

test.each(ids)('%s has a test and a page with the agreed headings', (id) => {
  expect(existsSync(join(folder, pathOf(id).replace('.ts', '.test.ts')))).toBe(true);
  const page = readFileSync(join(pages, `${id}.md`), 'utf8');
  expect(page.split('\n')[0]).toBe(`# ${id}`);
  expect(page.match(/^## .*/gm)).toEqual([
    '## What we look at',
    '## Why it matters',
    '## Likely causes',
    '## What to do',
  ]);
});

test('every page belongs to a check', () => {
  expect(
    readdirSync(pages)
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.replace(/\.md$/, ''))
      .toSorted(),
  ).toEqual(ids.toSorted());
});
