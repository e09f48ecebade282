/** What a new check begins with, here and in the folder of somebody else. */
export interface CheckTemplate {
  readonly id: string;
  readonly section: string;
  /** What is true when it passes. */
  readonly title: string;
  /** Where `defineCheck` is imported from. */
  readonly from: string;
}

/** `area.noun`, in the letters of an id. */
export const NEW_ID = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** A check that says something true: that the home of the agent is there. */
export const checkText = ({ id, section, title, from }: CheckTemplate): string => `\
import { conclude, defineCheck, fail } from '${from}';

export default defineCheck({
  id: '${id}',
  section: '${section}',
  category: '${id.slice(id.indexOf('.') + 1).replaceAll('_', '-')}',
  title: ${quoted(title)},
  budgetMs: 1_000,
  probe: ({ files, target }) => ({ home: files.look(target.home.path).kind }),
  judge: ({ home }) =>
    conclude({
      summary: 'the home is there',
      details: { home },
      issues:
        home === 'found'
          ? []
          : [
              fail({
                class: 'missing',
                cause: 'the home is not there',
                measured: home,
                expected: 'a directory',
                remedy: 'Start the agent once; it creates its home.',
                fields: ['home'],
              }),
            ],
    }),
});
`;

const quoted = (text: string): string => JSON.stringify(text).replaceAll('"', "'");

/** Runs with Node.js alone. */
export const testText = (id: string, file: string): string => `\
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { examineCheck } from 'stethos/testing';
import check from './${file}';

test('${id} is content with a home that is there', async () => {
  const { status, summary } = await examineCheck(check, { home: { 'config.toml': '' } });
  assert.deepEqual({ status, summary }, { status: 'ok', summary: 'the home is there' });
});

test('${id} says what is missing, and what to do', () => {
  const { issues } = check.judge({ home: 'missing' });
  assert.deepEqual(
    issues.map(({ severity, failure }) => [severity, failure?.class]),
    [['fail', 'missing']],
  );
});
`;

/** One table of `stethos.toml`. */
export const declarationText = (id: string): string => `\
[[check]]
id = "${id}"
kind = "file"
path = "package.json"
type = "file"
title = "Say what is true when it passes"
remedy = "Say what to do when it is not so."
`;
