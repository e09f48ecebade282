import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAULTY_SETTINGS, SOUND_SETTINGS } from '../../fixtures/settings-texts.ts';
import { FAILURE_CLASSES } from '../doctor/failure.ts';
import { readToml } from '../target/config/toml/read.ts';
import { readSettingsText } from './file-text.ts';
import { SETTING_KEYS } from './keys.ts';
import type { SettingKey, SettingType } from './keys.ts';
import { WAIVER_PATTERNS } from './waivers.ts';

interface Schema {
  readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>> }>>;
}
const schemaAt = (path: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as object;
const DECLARED_CHECK = '../plugins/declarative/check.schema.json';
const schema = schemaAt('settings.schema.json') as Schema;
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
// As an editor finds it: beside the file that refers to it.
ajv.addSchema(schemaAt(DECLARED_CHECK), new URL(DECLARED_CHECK, 'file:///src/settings/').href);
const accepts = ajv.compile({ $id: 'file:///src/settings/settings.schema.json', ...schema });

/** As an editor hands a document to a schema: dates are texts. */
const asJson = (text: string): unknown =>
  JSON.parse(JSON.stringify(readToml(text).values, (_key, value: unknown) => value));

const isFollowed = (text: string): boolean =>
  readSettingsText(text, { kind: 'project', shown: 'stethos.toml' }).faults.length === 0;

function typeOf(type: SettingType): object {
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: type.least, maximum: type.most };
    case 'choice':
      return { enum: type.allowed };
    case 'text':
      return { type: 'string', pattern: type.pattern };
    case 'list':
      return { type: 'array', items: { type: 'string', pattern: type.pattern } };
  }
}

test.each(SETTING_KEYS.map((key): [string, SettingKey] => [key.path.join('.'), key]))(
  '%s stands in the schema as in the table of keys',
  (_name, { path: [table, key], type, description, default: value }) => {
    expect(schema.properties[table]?.properties?.[key]).toEqual({
      description,
      ...typeOf(type),
      ...(value !== undefined && { default: value }),
    });
  },
);

test('the schema knows no key besides, and waivers as they are read', () => {
  const known = Object.entries(schema.properties).flatMap(([table, { properties = {} }]) =>
    Object.keys(properties).map((key) => `${table}.${key}`),
  );
  expect(known.toSorted()).toEqual(SETTING_KEYS.map(({ path }) => path.join('.')).toSorted());
  expect(Object.keys(schema.properties)).toEqual(['doctor', 'waiver', 'plugins', 'check', 'history']);
  expect(schema.properties['waiver']).toMatchObject({
    items: {
      properties: {
        check: { pattern: WAIVER_PATTERNS.check },
        class: { enum: Object.keys(FAILURE_CLASSES) },
        reason: { pattern: WAIVER_PATTERNS.reason },
        expires: { format: 'date' },
      },
    },
  });
});

test.each(SOUND_SETTINGS)('the schema accepts %j', (text) => {
  expect(accepts(asJson(text)) ? [] : accepts.errors).toEqual([]);
});

/** Only a reader of the file itself can see these. */
const BEYOND_A_SCHEMA = /2026-02-30|2027-12-31/;

test.each(FAULTY_SETTINGS.filter(([text]) => !BEYOND_A_SCHEMA.test(text)))('the schema refuses %j', (text) =>
  expect(accepts(asJson(text))).toBe(false),
);

/** Texts of a pattern; of one that looks ahead, which fast-check cannot follow, paths that often fit. */
const pattern = (text: string): fc.Arbitrary<string> =>
  fc.stringMatching(/\(\?[!=]/.test(text) ? /^[a-b./: -]{1,12}$/ : new RegExp(text, 'u'), { size: 'small' });
const nothing = Symbol('nothing');

/** A value of a type, or any other that somebody may write in its place. */
function valueOf(type: SettingType): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(
    true,
    0,
    -1,
    1.5,
    '',
    'x',
    [],
    ['x'],
    [1],
    {},
    '1h',
    'a\u0007',
    '../x',
  );
  const right = (): fc.Arbitrary<unknown> => {
    switch (type.kind) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: type.least, max: type.most });
      case 'choice':
        return fc.constantFrom(...type.allowed);
      case 'text':
        return pattern(type.pattern);
      case 'list':
        return fc.array(pattern(type.pattern), { maxLength: 3 });
    }
  };
  return fc.oneof({ weight: 5, arbitrary: right() }, { weight: 1, arbitrary: wrong });
}

const tables = fc.record(
  Object.fromEntries(
    SETTING_KEYS.map(({ path, type }) => [
      path.join('.'),
      fc.oneof({ weight: 4, arbitrary: fc.constant(nothing) }, { weight: 1, arbitrary: valueOf(type) }),
    ]),
  ),
);
const waiver = fc.record(
  {
    check: fc.oneof(pattern(WAIVER_PATTERNS.check), fc.constantFrom<unknown>('', 'a b', 1)),
    class: fc.oneof(fc.constantFrom(...Object.keys(FAILURE_CLASSES)), fc.constantFrom<unknown>('x', 1)),
    reason: fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.constantFrom<unknown>('', '\n', 1)),
    expires: fc.oneof(
      fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      fc.constantFrom<unknown>('2026-02-29', '2028-02-29', 'never', 1),
    ),
  },
  { requiredKeys: ['check', 'reason', 'expires'] },
);

const toml = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  return typeof value === 'object' ? '{}' : JSON.stringify(value).replaceAll('\u007f', '\\u007f');
};

test('what the schema accepts the reader follows, and the other way round', () => {
  let followed = 0;
  fc.assert(
    fc.property(tables, fc.array(waiver, { maxLength: 1 }), (keys, waivers) => {
      const lines = Object.entries(keys).flatMap(([key, value]) =>
        value === nothing ? [] : [`${key} = ${toml(value)}`],
      );
      for (const each of waivers)
        lines.push('[[waiver]]', ...Object.entries(each).map(([key, value]) => `${key} = ${toml(value)}`));
      const text = lines.join('\n');
      expect(readToml(text).faults).toEqual([]);
      const isAccepted = accepts(asJson(text));
      expect([text, isFollowed(text)]).toEqual([text, isAccepted]);
      if (isAccepted) followed += 1;
    }),
    { numRuns: 400 },
  );
  expect(followed).toBeGreaterThan(40);
});
