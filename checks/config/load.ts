import { join } from 'node:path';
import { conclude, defineCheck, skip } from '../../src/doctor/check.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import { stringAt, tableAt } from '../../src/target/config/facts.ts';
import type { ConfigProblem, ConfigProblemKind, ConfigTable } from '../../src/target/config/facts.ts';
import { knownFeatures } from '../../src/target/config/schema/features.ts';
import { loadIssue } from './parts/load-issue.ts';
import { layerName } from './parts/place.ts';
import { isOutOfReach } from '../../src/target/home.ts';

/** What keeps a configuration from being loaded as written; keys without effect are the business of `config.keys`. */
const KINDS: readonly ConfigProblemKind[] = ['unreadable', 'malformed', 'invalid_value', 'unknown_reference'];
/** Nobody repairs more at once; the rest is counted. */
const MAX_ISSUES = 20;

export default defineCheck({
  id: 'config.load',
  section: 'Configuration',
  category: 'config',
  title: 'The agent can load its configuration',
  budgetMs: 2_000,
  probe({ target, files, cwd }) {
    const { home } = target;
    const config = target.config();
    const flags = config.flags.map(({ name, enabled }) => ({ name, enabled }));
    const enabled = new Set(
      [...knownFeatures(home.profile.id)].flatMap(([name, known]) => (known.enabledByDefault ? [name] : [])),
    );
    for (const flag of flags) {
      if (flag.enabled) enabled.add(flag.name);
      else enabled.delete(flag.name);
    }
    return {
      home: {
        path: home.path,
        variable: home.profile.homeVariable,
        source: home.source,
        look: files.look(home.path),
        isOutOfReach: isOutOfReach(home.path, files),
      },
      file: join(home.path, 'config.toml'),
      cwd,
      project: config.project,
      layers: config.layers.map(({ kind, origin, state }) => ({ kind, origin, state })),
      problems: config.problems.filter(({ kind }) => KINDS.includes(kind)),
      settings: settingsOf(config.effective, home.path),
      mcpServers: Object.keys(tableAt(config.effective, 'mcp_servers') ?? {}).length,
      flags,
      enabled: [...enabled].toSorted(),
    };
  },
  judge(seen) {
    const { home, layers, problems, flags, enabled } = seen;
    const details: Record<string, DetailValue | undefined> = {
      [home.variable]: home.path,
      cwd: seen.cwd,
      'config.toml': seen.file,
      'config.toml parse': parseState(seen),
      layers: layers.map((layer) => `${layerName(layer)} (${STATES[layer.state]})`),
      'project root': seen.project.root,
      'project trust': seen.project.trust,
      ...seen.settings,
      'mcp servers': seen.mcpServers,
      'feature flags enabled': enabled.length,
      'enabled feature flags': enabled,
      'feature flag overrides': flags.map((flag) => `${flag.name}=${flag.enabled}`),
      ...firstFault(problems),
      ...(problems.length > MAX_ISSUES && { 'further problems': problems.length - MAX_ISSUES }),
    };
    const absent = home.isOutOfReach || home.look.kind !== 'found' || home.look.type !== 'directory';
    if (absent && (home.source !== 'default' || home.look.kind !== 'missing'))
      return skip({
        because: 'state.paths',
        summary: 'not looked at: the home is not a usable folder',
        details,
      });
    const shown = problems.toSorted((a, b) => Number(b.fatal) - Number(a.fatal)).slice(0, MAX_ISSUES);
    const loaded = layers.filter(({ state }) => state === 'loaded').length;
    return conclude({
      summary: loaded === 0 ? 'defaults; nothing is configured' : summaryOf(seen.settings, loaded),
      details,
      issues: shown.map((problem, index) =>
        loadIssue(problem, fieldsOf(problem, { userFile: seen.file, isFirst: index === 0 })),
      ),
    });
  },
});

const STATES = {
  loaded: 'loaded',
  missing: 'missing',
  unreadable: 'not readable',
  malformed: 'loaded in part',
  untrusted: 'not read: the project is not trusted',
} as const;

const summaryOf = (settings: ReturnType<typeof settingsOf>, loaded: number): string =>
  `${settings.model} · ${settings['model provider']} · ${loaded} ${loaded === 1 ? 'layer' : 'layers'} loaded`;

function settingsOf(
  effective: ConfigTable,
  home: string,
): {
  readonly model: string;
  readonly 'model provider': string;
  readonly 'log dir': string;
  readonly 'sqlite home': string;
} {
  return {
    model: plain(stringAt(effective, 'model')) ?? '<default>',
    'model provider': plain(stringAt(effective, 'model_provider')) ?? 'openai',
    'log dir': stringAt(effective, 'log_dir') ?? join(home, 'log'),
    'sqlite home': stringAt(effective, 'sqlite_home') ?? home,
  };
}

/** A name as it is, anything else only as being set: somebody may have pasted a key into the wrong line. */
const plain = (value: string | undefined): string | undefined =>
  value === undefined || /^[\w.:/@-]{1,60}$/.test(value) ? value : 'set';

function parseState({
  file,
  layers,
}: {
  file: string;
  layers: readonly { origin: string; state: keyof typeof STATES }[];
}): string {
  switch (layers.find(({ origin }) => origin === file)?.state) {
    case 'loaded':
      return 'ok';
    case 'malformed':
      return 'failed';
    case 'unreadable':
      return 'not read';
    case 'missing':
    case 'untrusted':
    case undefined:
      return 'missing';
  }
}

/** The rows that show what is wrong; only the first fault has rows of its own. */
function fieldsOf(
  { origin }: ConfigProblem,
  { userFile, isFirst }: { readonly userFile: string; readonly isFirst: boolean },
): string[] {
  if (origin === userFile) return ['config.toml'];
  return isFirst ? ['file', 'key'] : [];
}

/** The first fault in fields of its own, for readers that take no sentence apart. */
function firstFault(problems: readonly ConfigProblem[]): Record<string, DetailValue | undefined> {
  const first = problems.find(({ fatal }) => fatal) ?? problems[0];
  return first ? { file: first.origin, line: first.line, column: first.column, key: first.keyPath } : {};
}
