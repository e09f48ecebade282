import type { Waiver } from '../doctor/report.ts';
import type { ConfigTable, ConfigValue } from '../target/config/facts.ts';
import { formatKeyPath } from '../target/config/key-path.ts';
import type { KeyPath } from '../target/config/key-path.ts';
import { locator } from '../target/config/toml/locate.ts';
import { readToml } from '../target/config/toml/read.ts';
import { pathOf, SETTING_KEYS } from './keys.ts';
import type { SettingValue } from './keys.ts';
import type { DeclaredCheck, Setting, SettingsFault, Source } from './settings.ts';
import { acceptValue, kindOf, suggest } from './values.ts';
import { isTable, readWaivers } from './waivers.ts';
import type { KeyFault } from './waivers.ts';

/** What one file says, checked, with the line of everything; nothing is resolved or trusted yet. */
export interface FileText {
  /** By the key as it is written: `doctor.fail_on`. */
  readonly values: ReadonlyMap<string, Setting<SettingValue>>;
  readonly waivers: readonly Waiver[];
  readonly checks: readonly Omit<DeclaredCheck, 'from'>[];
  /** A file with one of these is not followed at all. */
  readonly faults: readonly SettingsFault[];
}

/** The line of each fault is looked up in the whole text, and nobody mends more than this in one go. */
const MAX_FAULTS = 100;

const TABLES: readonly string[] = ['doctor', 'waiver', 'plugins', 'check', 'history'];

/** Reads and judges the text of a `stethos.toml`. Pure, and total: whatever the text is, there is an answer. */
export function readSettingsText(
  text: string,
  { kind, shown }: { readonly kind: 'project' | 'user'; readonly shown: string },
): FileText {
  const { values: tables, faults: broken } = readToml(text);
  const locate = locator(text);
  const sourceOf = (path: KeyPath): Source => {
    const place = locate(path);
    return { kind, where: place ? `${shown}, line ${place.line}` : shown };
  };
  const keys = readKeys(tables);
  const waivers = readWaivers(tables['waiver'], text);
  const checks = readChecks(tables['check']);
  const wrong = [...keys.faults, ...waivers.faults, ...checks.faults];
  const faults: SettingsFault[] = [
    ...broken.map(({ line, column, message, keyPath }) => ({
      path: shown,
      line,
      column,
      problem: keyPath === undefined ? message : `${keyPath}: ${message}`,
    })),
    ...wrong.slice(0, MAX_FAULTS).map(({ path, problem, suggestion }) => ({
      path: shown,
      ...(locate(path) ?? locate(path.slice(0, 1))),
      problem,
      ...(suggestion !== undefined && { suggestion }),
    })),
  ].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  if (wrong.length > MAX_FAULTS)
    faults.push({ path: shown, problem: `${wrong.length - MAX_FAULTS} more faults follow` });
  if (faults.length > 0) return { values: new Map(), waivers: [], checks: [], faults };
  return {
    values: new Map(
      keys.accepted.map(({ path, value }) => [path.join('.'), { value, source: sourceOf(path) }]),
    ),
    waivers: waivers.waivers.map(({ index, waiver }) => ({
      ...waiver,
      source: sourceOf(['waiver', index]).where,
    })),
    checks: checks.tables.map((table, index) => ({ table, source: sourceOf(['check', index]) })),
    faults,
  };
}

interface KeysRead {
  readonly accepted: readonly { readonly path: readonly string[]; readonly value: SettingValue }[];
  readonly faults: readonly KeyFault[];
}

function readKeys(tables: ConfigTable): KeysRead {
  const accepted: { path: readonly string[]; value: SettingValue }[] = [];
  const faults: KeyFault[] = [];
  for (const [table, content] of Object.entries(tables)) {
    const keys = SETTING_KEYS.filter(({ path }) => path[0] === table);
    if (!TABLES.includes(table)) faults.push(unknown([table], TABLES));
    else if (keys.length > 0 && !isTable(content))
      faults.push({
        path: [table],
        problem: `${table} is ${kindOf(content)}`,
        suggestion: `[${table}]`,
      });
    else if (keys.length > 0)
      for (const [key, written] of Object.entries(content as ConfigTable)) {
        const path = [table, key];
        const known = keys.find((candidate) => candidate.path[1] === key);
        const judged = known && acceptValue(known.type, written);
        if (!known || !judged)
          faults.push(
            unknown(
              path,
              keys.map((candidate) => candidate.path[1]),
            ),
          );
        else if (judged.kind === 'accepted') accepted.push({ path, value: judged.value });
        else
          faults.push({
            path,
            problem: `${pathOf(known)} ${judged.problem}`,
            ...(judged.suggestion !== undefined && { suggestion: judged.suggestion }),
          });
      }
  }
  return { accepted, faults };
}

function unknown(path: readonly string[], known: readonly string[]): KeyFault {
  const suggestion = suggest(path.at(-1) ?? '', known);
  return {
    path,
    problem: `${formatKeyPath(path)} is not known; known are ${known.join(', ')}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Only their outline is judged here; `src/plugins/declarative` knows what they may say. */
function readChecks(written: ConfigValue | undefined): {
  readonly tables: readonly ConfigTable[];
  readonly faults: readonly KeyFault[];
} {
  if (written === undefined) return { tables: [], faults: [] };
  if (!Array.isArray(written))
    return {
      tables: [],
      faults: [{ path: ['check'], problem: `check is ${kindOf(written)}`, suggestion: '[[check]]' }],
    };
  const items = written as readonly ConfigValue[];
  return {
    tables: items.filter(isTable),
    faults: items.flatMap((item, index) =>
      isTable(item)
        ? []
        : [{ path: ['check', index], problem: `check ${index + 1} is ${kindOf(item)}, not a table` }],
    ),
  };
}
