import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { builtInChecks } from '../../../checks/index.ts';
import { stethos } from '../../../fixtures/run.ts';
import { FAILURE_CLASSES } from '../../doctor/failure.ts';
import { UsageError } from '../usage-error.ts';
import { overview, pageAbout } from './explain.ts';
import { checkPage, classesNamedBy, isFailureClass } from './knowledge.ts';
import { renderMarkdown } from './render-markdown.ts';

const root = join(import.meta.dirname, '../../..');
const CLASSES = Object.keys(FAILURE_CLASSES).filter((name) => isFailureClass(name));

describe('the page of the failure classes', () => {
  const page = readFileSync(join(root, 'docs/failure-classes.md'), 'utf8');

  test('has a section for each class of the list, in its order of phases, and no other', () => {
    const sections = page.match(/^## .*/gm)?.map((line) => line.slice('## '.length)) ?? [];
    expect(sections.toSorted()).toEqual(CLASSES.toSorted());
  });

  test.each(CLASSES)('%s: its phase, its meaning, causes and a remedy', (name) => {
    const [heading, phase, meaning, causes, remedy, ...more] = pageAbout(name, [])
      .split('\n## ')[0]
      ?.trimEnd()
      .split('\n\n') ?? [''];
    expect(heading).toBe(`# ${name}`);
    expect(phase).toMatch(new RegExp(`^Phase: \`${FAILURE_CLASSES[name]}\`(?:$|,)`));
    expect(meaning).toMatch(/\.$/);
    expect(causes).toMatch(/^Usual causes: /);
    expect(remedy).toMatch(/^What to do: /);
    expect(more).toEqual([]);
  });

  test('its table has every phase', () => {
    const phases = new Set<string>(Object.values(FAILURE_CLASSES));
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, phase = '']) => phase).toSorted()).toEqual(
      [...phases].toSorted(),
    );
  });
});

/** The file of a check and the folder of what its judgement needs besides. */
function sourcesOf(id: string): string {
  const path = join(root, 'checks', id.replace('.', '/'));
  const folder = existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
  return [`${path}.ts`, ...folder]
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

describe('which checks can report a class', () => {
  test.each(builtInChecks.map(({ id }) => id))('the page of %s names what its sources report', (id) => {
    const reported = [...sourcesOf(id).matchAll(/\bclass: '([a-z_]+)'/g)].map(([, name = '']) => name);
    const named: ReadonlySet<string> = classesNamedBy(checkPage(id));
    expect(reported.filter((name) => !named.has(name))).toEqual([]);
  });

  test('every class is reported by some check', () => {
    const orphans = CLASSES.filter((name) => !pageAbout(name, builtInChecks).includes('\n- `'));
    expect(orphans).toEqual([]);
  });
});

test('a check is explained by its page, and everything is listed', () => {
  expect(pageAbout('state.integrity', builtInChecks)).toBe(
    readFileSync(join(root, 'docs/checks/state.integrity.md'), 'utf8'),
  );
  const all = overview(builtInChecks);
  for (const name of [...builtInChecks.map(({ id }) => id), ...CLASSES]) expect(all).toContain(`\`${name}\``);
});

test.each([
  ['lokced', 'There is neither a check nor a failure class lokced.', 'Did you mean locked?'],
  [
    'state.integrty',
    'There is neither a check nor a failure class state.integrty.',
    'Did you mean state.integrity?',
  ],
  [
    'acme.region',
    'There is neither a check nor a failure class acme.region.',
    'A check of a plugin or of stethos.toml is explained by whoever wrote it; stethos checks list says where it comes from.',
  ],
  [
    'constructor',
    'There is neither a check nor a failure class constructor.',
    'stethos explain names them all.',
  ],
  [
    '../../README',
    'There is neither a check nor a failure class ../../README.',
    'stethos explain names them all.',
  ],
])('%s is nothing that can be explained', (word, message, hint) => {
  let thrown: unknown;
  try {
    pageAbout(word, builtInChecks);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(UsageError);
  expect(thrown).toMatchObject({ message, hint });
});

test('the row of a plugin itself is explained by what becomes of plugins', () => {
  expect(pageAbout('plugin.acme', builtInChecks)).toMatch(/^# What happens to a plugin that misbehaves\n/);
});

test('piped, the program prints the page as it stands', async () => {
  const { exitCode, stdout, stderr } = await stethos(['explain', 'locked']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(pageAbout('locked', builtInChecks));
});

// oxlint-disable-next-line no-control-regex -- colours are what is taken off
const withoutColour = (text: string): string => text.replaceAll(/\u001b\[[\d;]*m/g, '');
/** The words of a page, from its HTML. */
const wordsOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const squeeze = (text: string): string => text.replaceAll(/[\s•]|(?<=\n)\d\. /g, '');

describe('a page on a terminal', () => {
  const look = { ascii: false, all: true };

  test('looks so', async () => {
    const markdown =
      '# Title\n\nSome `code`, **bold**\nand a [link](https://example.com).\n\n- one\n- two goes on and on until the line is full\n\n' +
      '1. first\n\n```sh\nstethos doctor\n```\n\n| a | b |\n|---|---|\n| `x` | y |\n';
    expect(await renderMarkdown(markdown, { ...look, color: false, width: 30 })).toBe(
      `Title

Some code, bold and a link.

• one
• two goes on and on until the
  line is full

1. first

    stethos doctor

a  b
x  y
`,
    );
  });

  test.each(builtInChecks.map(({ id }) => id))('%s fits, coloured or not, and loses no word', async (id) => {
    const page = checkPage(id);
    const narrow = await renderMarkdown(page, { ...look, color: false, width: 60 });
    const coloured = await renderMarkdown(page, { ...look, color: true, width: 60 });
    expect(withoutColour(coloured)).toBe(narrow);
    const wide = narrow.split('\n').filter((line) => line.length > 60 && line.trim().includes(' '));
    expect(wide).toEqual([]);
    expect(squeeze(narrow)).toBe(squeeze(wordsOf(new MarkdownIt().render(page))));
  });

  test('takes any Markdown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 200 }),
        async (text, width) => {
          const rendered = await renderMarkdown(text, { ...look, color: false, width });
          expect(rendered.endsWith('\n')).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
