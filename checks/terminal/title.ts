import { basename, dirname, join } from 'node:path';
import { conclude, defineCheck, warn } from '../../src/doctor/check.ts';
import { valueAt } from '../../src/target/config/facts.ts';
import { nearest } from '../../src/target/config/suggest.ts';

/** What a terminal title can show, with the older names that still work. */
const ITEMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['app-name', []],
  ['project-name', ['project']],
  ['current-dir', []],
  ['activity', ['spinner']],
  ['run-state', ['status']],
  ['thread-title', ['thread']],
  ['git-branch', []],
  ['context-remaining', []],
  ['context-used', ['context-usage']],
  ['five-hour-limit', []],
  ['weekly-limit', []],
  ['codex-version', []],
  ['used-tokens', []],
  ['total-input-tokens', []],
  ['total-output-tokens', []],
  ['thread-id', ['session-id']],
  ['fast-mode', []],
  ['model', ['model-name']],
  ['model-with-reasoning', []],
  ['reasoning', []],
  ['task-progress', []],
]);
const DEFAULT_ITEMS = ['activity', 'project-name'];
/** The agent cuts a project's name to this many characters. */
const MAX_NAME = 24;

export default defineCheck({
  id: 'terminal.title',
  section: 'Environment',
  category: 'title',
  title: 'The terminal title shows items that exist',
  budgetMs: 1_000,
  probe({ target, files, cwd }) {
    const config = target.config();
    const value = valueAt(config.effective, 'tui.terminal_title');
    const { root } = config.project;
    const inRepository = files.look(join(root, '.git')).kind === 'found';
    const projectFile = config.layers.find(({ kind }) => kind === 'project')?.origin;
    return {
      items: Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined,
      layer: config.sourceOf('tui.terminal_title')?.origin,
      project: inRepository
        ? { source: 'git repo root', path: root }
        : projectFile === undefined
          ? { source: 'cwd', path: cwd }
          : { source: 'project config', path: dirname(dirname(projectFile)) },
    };
  },
  judge({ items, layer, project }) {
    const source = items === undefined ? 'default' : items.length === 0 ? 'disabled' : 'configured';
    const shown = items ?? DEFAULT_ITEMS;
    const names = shown.map((item) => canonical(item) ?? item);
    const invalid = [...new Set(shown.filter((item) => canonical(item) === undefined))];
    const showsProject = names.includes('project-name');
    const name = shorten(basename(project.path));
    return conclude({
      summary: showsProject ? `${source} · project ${name}` : source,
      details: {
        'terminal title source': source,
        'terminal title items': names,
        'terminal title activity': names.includes('activity'),
        ...(invalid.length > 0 && { 'terminal title invalid items': invalid }),
        ...(showsProject && {
          'terminal title project source': project.source,
          'terminal title project value': name,
        }),
      },
      issues: invalid.map((item) => {
        const suggestion = nearest(item, ITEMS.keys());
        return warn({
          class: 'invalid_value',
          cause: `the terminal title names ${JSON.stringify(shorten(item))}, which is no title item`,
          measured: JSON.stringify(shorten(item)),
          expected: suggestion === undefined ? `one of ${[...ITEMS.keys()].join(', ')}` : `"${suggestion}"`,
          remedy:
            suggestion === undefined
              ? `Remove it from \`[tui] terminal_title\`${inFile(layer)}.`
              : `Did you mean "${suggestion}"? Correct \`[tui] terminal_title\`${inFile(layer)}.`,
          fields: ['terminal title invalid items'],
        });
      }),
    });
  },
});

function canonical(item: string): string | undefined {
  if (ITEMS.has(item)) return item;
  for (const [id, aliases] of ITEMS) if (aliases.includes(item)) return id;
  return undefined;
}

/** Counted as a person counts: a flag or an accented letter is one character. */
function shorten(name: string): string {
  // No text has more characters than code units: for short names the segmenter, slow to start, has nothing to tell.
  if (name.length <= MAX_NAME) return name;
  const characters = Array.from(new Intl.Segmenter().segment(name.slice(0, 1_000)), ({ segment }) => segment);
  return characters.length <= MAX_NAME ? name : `${characters.slice(0, MAX_NAME - 3).join('')}...`;
}

const inFile = (layer: string | undefined): string => (layer === undefined ? '' : ` in ${layer}`);
