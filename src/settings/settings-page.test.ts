import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettingsText } from './file-text.ts';
import { pathOf, SETTING_KEYS, TRUST_VARIABLE } from './keys.ts';
import type { ProjectTrust, SettingKey, SettingType } from './keys.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');

const TRUST: Readonly<Record<ProjectTrust, string>> = {
  free: 'yes',
  without_files: 'names only',
  inside: 'inside the project',
  trusted: 'no',
};

function typeText(type: SettingType): string {
  switch (type.kind) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return `${type.least} to ${type.most}`;
    case 'choice':
      return type.allowed.map((word) => `\`"${word}"\``).join(', ');
    case 'text':
      return 'text';
    case 'list':
      return 'list of texts';
  }
}

const code = (value: string | undefined): string => (value === undefined ? 'none' : `\`${value}\``);

const meaningRow = (key: SettingKey): string =>
  [
    code(pathOf(key)),
    key.description,
    typeText(key.type),
    code(key.default === undefined ? undefined : JSON.stringify(key.default)),
    code(key.example),
  ].join(' | ');

const sourceRow = (key: SettingKey): string =>
  [code(pathOf(key)), code(key.variable), code(key.option), TRUST[key.projectMay]].join(' | ');

test('the page has both rows of every key, as the table of keys says it, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| (`(?:doctor|plugins|history)\..*) \|$/gm)].map(([, row]) => row);
  expect(rows).toEqual([...SETTING_KEYS.map(meaningRow), ...SETTING_KEYS.map(sourceRow)]);
});

test.each(SETTING_KEYS.map((key): [string, SettingKey] => [pathOf(key), key]))(
  'the example of %s can be followed',
  (path, { example }) => {
    expect(readSettingsText(`${path} = ${example}`, { kind: 'user', shown: 'x' }).faults).toEqual([]);
  },
);

test('every file on the page can be followed', () => {
  const files = [...PAGE.matchAll(/^```toml\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  expect(files.length).toBeGreaterThan(0);
  for (const text of files)
    expect(readSettingsText(text, { kind: 'user', shown: 'stethos.toml' }).faults).toEqual([]);
});

test('the page names what trust takes', () => {
  expect(PAGE).toContain(TRUST_VARIABLE);
});
