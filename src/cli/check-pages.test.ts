import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { builtInChecks } from '../../checks/index.ts';
import { checkPages } from './check-pages.ts';

test('every check has a page, at an address that a terminal takes', () => {
  const pages = checkPages();
  expect(Object.keys(pages)).toEqual(expect.arrayContaining(builtInChecks.map(({ id }) => id)));
  for (const page of Object.values(pages)) {
    const url = new URL(page);
    expect(page).toMatch(/^file:\/\/[\u0021-\u007e]+\.md$/);
    expect(url.hostname).toBe(process.platform === 'win32' ? '' : hostname().toLowerCase());
    expect(existsSync(decodeURIComponent(url.pathname).replace(/^\/(?=[A-Z]:)/, ''))).toBe(true);
  }
});
