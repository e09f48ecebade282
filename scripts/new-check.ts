import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { checkText, NEW_ID } from '../src/cli/checks/template.ts';

const USAGE =
  "usage: npm run new:check -- <area>.<noun> --section Environment --title 'What is true when it passes'";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    section: { type: 'string', default: 'Environment' },
    title: { type: 'string', default: 'Say what is true when it passes' },
  },
});
const [id = ''] = positionals;
if (!NEW_ID.test(id)) {
  console.error(`An id looks like network.dns, not ${JSON.stringify(id)}.\n${USAGE}`);
  process.exit(2);
}
const path = id.replace('.', '/');
const [area = '', noun = ''] = id.split('.');
const variable = `${area}_${noun}`.replaceAll(/_+([a-z0-9])/g, (_match, letter: string) =>
  letter.toUpperCase(),
);

write(
  `checks/${path}.ts`,
  checkText({ id, section: values.section, title: values.title, from: '../../src/doctor/check.ts' }),
);
write(
  `checks/${path}.test.ts`,
  `import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import ${variable} from './${noun}.ts';

test.each([
  ['found', undefined],
  ['missing', 'fail'],
] as const)('a home that is %s', (home, severity) => {
  expect(${variable}.judge({ home }).issues[0]?.severity).toBe(severity);
});

test('on a real home', async () => {
  expect(await ${variable}.probe(testContext({ home: temporaryHome() }))).toEqual({ home: 'found' });
});
`,
);
write(
  `docs/checks/${id}.md`,
  `# ${id}

${values.title}.

## What we look at

The files, variables or answers that the probe reads.

## Why it matters

What the user loses when this is broken.

## Likely causes

- \`fail\` / \`missing\`: the home was never created.

## What to do

The next step for each class above.
`,
);
register();
console.log(
  `Made checks/${path}.ts, its test and docs/checks/${id}.md, and registered ${id}. Now make it say something true.`,
);

function write(file: string, content: string): void {
  if (existsSync(file)) {
    console.error(`${file} exists already; nothing was changed.`);
    process.exit(2);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The import goes behind the last one, the check behind the last of its area, or at the end. */
function register(): void {
  const file = 'checks/index.ts';
  const lines = readFileSync(file, 'utf8').split('\n');
  const lastImport = lines.findLastIndex((line) => line.startsWith('import '));
  lines.splice(lastImport + 1, 0, `import ${variable} from './${path}.ts';`);
  const sameArea = lines.findLastIndex((line) => line.trim().startsWith(area) && line.trim().endsWith(','));
  const end = lines.findLastIndex((line) => line.startsWith('];'));
  lines.splice(sameArea === -1 ? end : sameArea + 1, 0, `  ${variable},`);
  writeFileSync(file, lines.join('\n'));
}
