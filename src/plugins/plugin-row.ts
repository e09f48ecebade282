import { conclude } from '../doctor/check.ts';
import type { Check } from '../doctor/check.ts';
import type { PluginReference } from '../settings/settings.ts';
import type { Admission } from './admit.ts';
import type { LoadOutcome } from './plugin-host.ts';
import { detailsOf, titleOf } from './proxies.ts';
import { pluginIssue } from './reasons.ts';

/** What became of one reference. */
export interface PluginFate {
  readonly reference: PluginReference;
  readonly outcome: LoadOutcome;
  readonly admission: Admission;
}

/** The row of a plugin itself: whose code took part in the run, or why it did not. */
export function pluginRow(id: string, { reference, outcome, admission }: PluginFate): Check {
  const { specifier, from, source } = reference;
  const manifest = outcome.kind === 'loaded' ? outcome.manifest : undefined;
  const name = manifest ? titleOf(manifest) : specifier;
  const faults = outcome.kind === 'faulty' ? [outcome.fault] : admission.refused;
  return {
    id,
    section: 'Plugins',
    category: id.slice(id.indexOf('.') + 1, id.indexOf('.') + 1 + LONGEST_CATEGORY),
    title: 'The plugin is loaded',
    docs: 'docs/plugins.md',
    budgetMs: 1_000,
    probe: () => undefined,
    judge: () =>
      conclude({
        summary: `${name} is loaded`,
        details: {
          plugin: name,
          'loaded from': specifier,
          'looked up in': from,
          'named in': source.where,
          checks: admission.checks.map((check) => check.id),
          formats: admission.reporters.map((reporter) => reporter.name),
          ...detailsOf(outcome.printed),
        },
        issues: faults.map((fault) => pluginIssue(name, fault)),
      }),
  };
}

const LONGEST_CATEGORY = 40;

/**
 * Ids of the rows: the name of the file or package, in the letters of an id, and a number where that is taken.
 * @param specifiers as they are written
 */
export function rowIds(specifiers: readonly string[]): string[] {
  const taken = new Set<string>();
  return specifiers.map((specifier) => {
    const words = specifier
      .replace(/^.*[\\/](?=[^\\/@]+$)/, (folders) => (folders.startsWith('@') ? folders : ''))
      .replace(/\.[cm]?[jt]s$/i, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '');
    const base = `plugin.${/^[a-z]/.test(words) ? words : `p_${words}`}`.slice(0, LONGEST_ID);
    let id = base;
    for (let number = 2; taken.has(id); number += 1) id = `${base}_${number}`;
    taken.add(id);
    return id;
  });
}

const LONGEST_ID = 60;
