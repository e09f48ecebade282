import { validRange } from 'semver';
import { z } from 'zod';
import { SECTIONS } from '../../doctor/report.ts';
import { DURATION } from '../../host/duration.ts';
import { MAX_PATTERN_LENGTH, problemOfPattern } from './pattern.ts';
import { problemOfQuery } from './query.ts';

/*
 * Everything that `[[check]]` may say, by kind. What an editor is told (check.schema.json) is made of this. Messages are
 * written to follow "`key` is …; expected is".
 */

/** As ids of the built-in checks, and always in a space of its author's own. */
const ID = /^[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+$/;
const MAX_ID_LENGTH = 100;
/** Sentences, paths, addresses and arguments; a text as long as this is a paste of something else. */
const MAX_TEXT_LENGTH = 4_096;
const MAX_LIST_LENGTH = 100;

const text = z
  .string()
  .min(1, 'a text that is not empty')
  .max(MAX_TEXT_LENGTH, `at most ${MAX_TEXT_LENGTH} characters`);
const texts = z.array(text).max(MAX_LIST_LENGTH, `at most ${MAX_LIST_LENGTH} entries`);
const duration = z.string().regex(DURATION, 'a length of time, such as "500ms", "5s" or "2h"');
const count = z.int('a whole number').min(0, 'a number of at least 0');
const pattern = z
  .string()
  .min(1, 'a pattern')
  .max(MAX_PATTERN_LENGTH, `a pattern of at most ${MAX_PATTERN_LENGTH} characters`)
  .superRefine((value, context) => {
    const problem = problemOfPattern(value);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: `a pattern as RE2 knows it (${problem})` });
  })
  .describe('A regular expression of RE2: without look-around and back references, in linear time.');

const common = {
  id: z
    .string()
    .max(MAX_ID_LENGTH, `at most ${MAX_ID_LENGTH} characters`)
    .regex(ID, 'a name in a space of your own, such as "acme.vpn", in lower case')
    .describe('Unique; a name in a space of your own, such as acme.vpn.'),
  title: text.optional().describe('What is true when the check passes, as a statement.'),
  section: z.enum(SECTIONS).default('Plugins').describe('The section of the report that shows it.'),
  severity: z.enum(['warning', 'fail']).default('fail').describe('What its faults count as.'),
  remedy: text.optional().describe('What to do about a fault; otherwise a remedy that fits its class.'),
  needs: texts.default([]).describe('Checks that this one builds on: when one of them fails, it is skipped.'),
  timeout: duration.default('10s').describe('How long it may take.'),
};

/** What a program is started with. */
const started = {
  program: text.describe('A name that is looked up on PATH, or a path, relative to the declaring file.'),
  args: z
    .array(z.string().max(MAX_TEXT_LENGTH, `at most ${MAX_TEXT_LENGTH} characters`))
    .max(MAX_LIST_LENGTH, `at most ${MAX_LIST_LENGTH} entries`),
  inherit_env: texts
    .default([])
    .describe('Variables that the program gets besides PATH and HOME; it gets no others.'),
};

const command = z.strictObject({
  kind: z.literal('command'),
  ...common,
  ...started,
  args: started.args.default([]).describe('As they are handed over; there is no shell.'),
  cwd: text.optional().describe('Where it runs; default the root folder.'),
  exit_code: z
    .union([z.int(), z.array(z.int()).min(1)])
    .default(0)
    .describe('The code that it ends with.'),
  stdout_contains: text.optional(),
  stdout_matches: pattern.optional(),
  stderr_contains: text.optional(),
  stderr_matches: pattern.optional(),
});

const MODE = /^0?[0-7]{3,4}$/;
const mode = z.string().regex(MODE, 'permissions in octal digits as a text, such as "0600"');

const file = z
  .strictObject({
    kind: z.literal('file'),
    ...common,
    path: text.describe('Absolute, from ~, or relative to the declaring file.'),
    exists: z.boolean().default(true).describe('false: nothing may stand there.'),
    type: z.enum(['file', 'directory', 'fifo', 'socket', 'device']).optional(),
    mode: mode.optional().describe('Exactly these permissions.'),
    max_mode: mode.optional().describe('No permission besides these.'),
    owner: z
      .union([z.enum(['me', 'root']), count])
      .optional()
      .describe('Whose it is: me, root or a user id.'),
    min_bytes: count.optional(),
    max_bytes: count.optional(),
    max_age: duration.optional().describe('Since it was last written to.'),
    contains: text.optional(),
    matches: pattern.optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits')
      .optional(),
  })
  .superRefine(({ exists, kind: _kind, ...more }, context) => {
    const wanted = FILE_EXPECTATIONS.filter((name) => more[name] !== undefined);
    if (!exists && wanted.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['exists'],
        message: `true, where ${wanted.join(' and ')} says more of the file`,
      });
  });

const FILE_EXPECTATIONS = [
  'type',
  'mode',
  'max_mode',
  'owner',
  'min_bytes',
  'max_bytes',
  'max_age',
  'contains',
  'matches',
  'sha256',
] as const;

const statusCode = z
  .int('a status such as 200')
  .min(100, 'a status such as 200')
  .max(599, 'a status such as 200');

const http = z.strictObject({
  kind: z.literal('http'),
  ...common,
  url: text.regex(/^https?:\/\/[^/]/i, 'an address that begins with http:// or https://'),
  method: z.enum(['GET', 'HEAD']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent with the request.'),
  bearer_token_env: text.optional().describe('The variable whose value is sent as a bearer token.'),
  status: z
    .union([statusCode, z.array(statusCode).min(1)])
    .optional()
    .describe('Default: any of 200 to 299. Redirects are not followed.'),
  header_contains: z
    .record(z.string(), text)
    .default({})
    .describe('Headers of the answer, each with a part of its value.'),
  body_contains: text.optional(),
  body_matches: pattern.optional(),
  within: duration.optional().describe('The answer must have come by then.'),
});

const env = z
  .strictObject({
    kind: z.literal('env'),
    ...common,
    variable: text.regex(/^[^=\0]+$/, 'the name of a variable'),
    set: z.boolean().optional().describe('Default true. An empty value is set.'),
    equals: z.string().max(MAX_TEXT_LENGTH).optional(),
    one_of: texts.min(1, 'a list that is not empty').optional(),
    matches: pattern.optional(),
  })
  .superRefine(({ set, equals, one_of, matches }, context) => {
    if (set === false && [equals, one_of, matches].some((value) => value !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['set'],
        message: 'true, where something is said of its value',
      });
  });

const version = z.strictObject({
  kind: z.literal('version'),
  ...common,
  ...started,
  args: started.args.default(['--version']),
  range: text
    .refine((value) => validRange(value) !== null, 'a range of semantic versions, such as ">=20.10 <25"')
    .describe('A range of semantic versions as npm writes it, such as ">=20.10 <25".'),
});

const sqlite = z
  .strictObject({
    kind: z.literal('sqlite'),
    ...common,
    path: text.describe('Absolute, from ~, or relative to the declaring file.'),
    integrity: z
      .boolean()
      .optional()
      .describe('Read every page; default true where neither table nor query is given.'),
    table: text.optional().describe('A table that must exist.'),
    query: text
      .superRefine((value, context) => {
        const problem = problemOfQuery(value);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      })
      .optional()
      .describe('One SELECT; its first value is looked at.'),
    equals: z.union([z.string().max(MAX_TEXT_LENGTH), z.number()]).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .superRefine(({ query, equals, min, max }, context) => {
    const expectations = [equals, min, max].filter((value) => value !== undefined);
    if (query === undefined && expectations.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['query'],
        message: 'a SELECT whose first value that is about',
      });
  });

export const declaredCheckSchema = z.discriminatedUnion('kind', [command, file, http, env, version, sqlite]);

/** One check as its author means it, defaults included. */
export type CheckSpec = z.infer<typeof declaredCheckSchema>;
export type Kind = CheckSpec['kind'];
export type SpecOf<Name extends Kind> = Extract<CheckSpec, { readonly kind: Name }>;

/** The keys that each kind knows, for suggestions. */
export const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  command: Object.keys(command.shape),
  file: Object.keys(file.shape),
  http: Object.keys(http.shape),
  env: Object.keys(env.shape),
  version: Object.keys(version.shape),
  sqlite: Object.keys(sqlite.shape),
};
