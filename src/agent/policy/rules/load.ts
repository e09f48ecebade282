import { join } from 'node:path';
import type { Files } from '../../../host/files.ts';
import { parseRules } from './parse.ts';
import { joinRuleSets, NO_RULES } from './rule-set.ts';
import type { RuleSet } from './rule-set.ts';

/** Why a rules file, or the folder of them, is not in force. */
export interface RulesFileFault {
  readonly path: string;
  /** 1-based; absent when the file could not be read at all. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

export interface LoadedRules {
  /** Empty as soon as there is one fault: half a policy is none. */
  readonly rules: RuleSet;
  /** Interactive use warns and goes on without rules; `exec` ends (spec/agent-core.md 3.2). */
  readonly faults: readonly RulesFileFault[];
}

/** Where the rules of a configuration folder stand. */
const RULES_FOLDER = 'rules';
/** The file of a home that amendments go to. */
export const AMENDED_FILE = join(RULES_FOLDER, 'default.rules');

/**
 * Reads `rules/*.rules` of every configuration folder: the folders from lowest to highest precedence, the files of one
 * folder by name.
 * @param folders `ConfigFacts.folders`
 */
export function loadRules(folders: readonly string[], files: Pick<Files, 'list' | 'readText'>): LoadedRules {
  const faults: RulesFileFault[] = [];
  const sets: RuleSet[] = [];
  for (const path of folders.flatMap((folder) => rulesFiles(join(folder, RULES_FOLDER), { files, faults }))) {
    const read = files.readText(path);
    if (read.kind !== 'read' || read.truncated || !read.validUtf8) {
      faults.push({ path, message: unreadable(read) });
      continue;
    }
    const parsed = parseRules(read.text);
    if (parsed.kind === 'parsed') sets.push(parsed.rules);
    else faults.push({ path, ...parsed.fault });
  }
  return { rules: faults.length === 0 ? joinRuleSets(sets) : NO_RULES, faults };
}

function rulesFiles(
  folder: string,
  { files, faults }: { readonly files: Pick<Files, 'list'>; readonly faults: RulesFileFault[] },
): string[] {
  const list = files.list(folder);
  if (list.kind === 'missing' || list.kind === 'dangling') return [];
  if (list.kind !== 'read') {
    faults.push({ path: folder, message: 'the folder of rules cannot be read' });
    return [];
  }
  return list.entries
    .filter(({ name, type }) => name.endsWith('.rules') && type !== 'directory')
    .map(({ name }) => join(folder, name));
}

function unreadable(read: ReturnType<Files['readText']>): string {
  if (read.kind === 'read')
    return read.truncated ? 'the file is too large for rules' : 'the file is not UTF-8 text';
  return read.kind === 'wrong_type'
    ? `a ${read.type} stands where the file should be`
    : 'the file cannot be read';
}
