import { SECTIONS } from '../report.ts';
import type {
  CheckResult,
  Details,
  DetailValue,
  ImportedFrom,
  Issue,
  Note,
  Platform,
  Status,
} from '../report.ts';
import { codexFailureClass } from './codex-failures.ts';
import type { Draft, RawRow } from './draft.ts';
import { categoryOf, sectionOf } from './known-rows.ts';
import { durationOf, listOf, member, numberOf, oneOf, textOf, timeOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';
import { NO_TIME, UNKNOWN } from './own-report.ts';
import { rawRowsOf, told } from './raw-rows.ts';
import { detailOf, detailsOf, issueOf, NO_REMEDY, rowWith } from './row-parts.ts';

/** Either spelling of a name: `durationMs`, `duration_ms`. */
const either = (read: JsonRecord, name: string): unknown =>
  member(read, name) ??
  member(
    read,
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );

/** What `codex doctor --json` wrote, in either spelling of its names, with its checks by id or in a list. */
export function codexDraft(read: JsonRecord, format: ImportedFrom['format']): Draft {
  const generatedAt = codexTime(either(read, 'generatedAt'));
  const version = textOf(either(read, 'codexVersion'));
  const raw = rawRowsOf(member(read, 'checks'));
  const rows = raw.rows.map((row) => codexRow(row, generatedAt));
  const unknown = raw.rows.filter(({ row }) => statusOf(member(row, 'status')) === undefined);
  return {
    format,
    generatedAt,
    interrupted: false,
    tool: { name: 'codex', version: version ?? UNKNOWN },
    target: {
      profile: 'codex',
      agent: 'Codex',
      home: homeOf(rows) ?? UNKNOWN,
      homeSource: 'as reported',
      version: version ?? null,
      alsoPresent: [],
    },
    platform: codexPlatform(rows),
    // The checks ran side by side: the run took no less than the longest.
    durationMs: Math.max(0, ...rows.map((row) => row.durationMs)),
    rows,
    notes: raw.rows.flatMap(notesOf),
    said: { overallStatus: either(read, 'overallStatus') },
    problems: [
      ...raw.problems,
      ...told(unknown.length, 'with a status that is not known: taken as incomplete'),
    ],
  };
}

/** Seconds, as that tool spells them; a time as everybody else does is taken as well. */
function codexTime(value: unknown): string {
  const seconds = /^(\d{1,12})s since unix epoch$/.exec(typeof value === 'string' ? value : '')?.[1];
  const time = new Date(Number(seconds ?? numberOf(value) ?? Number.NaN) * 1_000);
  return Number.isNaN(time.getTime()) ? (timeOf(value) ?? NO_TIME) : time.toISOString();
}

const statusOf = (value: unknown): Status | undefined => oneOf<Status>(['ok', 'warning', 'fail'], value);

/** Its row says ok of a server that nobody started; its page for people shows it as idle, and so do we. */
const IDLE = { id: 'app_server.status', summary: 'background server is not running' };

function codexRow({ id, row }: RawRow, startedAt: string): CheckResult {
  const said = statusOf(member(row, 'status')) ?? 'incomplete';
  const summary = textOf(member(row, 'summary')) ?? said;
  const isIdle = said === 'ok' && id === IDLE.id && summary === IDLE.summary;
  const status = isIdle ? 'idle' : said;
  const remediation = textOf(member(row, 'remediation'));
  const details = detailsOf(member(row, 'details'), codexDetail);
  const issues = (listOf(member(row, 'issues')) ?? []).map((issue): Issue =>
    issueOf(issue, {
      severity: status === 'fail' ? 'fail' : 'warning',
      cause: summary,
      remedy: remediation ?? NO_REMEDY,
      docs: '',
    }),
  );
  const category = textOf(member(row, 'category'));
  // The seed of that tool has the title of the section in the place of the label.
  const section = oneOf(SECTIONS, category);
  return rowWith(
    {
      id,
      section: section ?? sectionOf(id),
      category: section === undefined && category !== undefined ? category : categoryOf(id),
      title: id,
      summary,
      details,
      startedAt,
      durationMs: durationOf(either(row, 'durationMs')) ?? 0,
    },
    {
      status,
      issues,
      remediation,
      failure: undefined,
      failureClass: () => codexFailureClass({ summary, issues, details }),
    },
  );
}

/** Names that look like amounts. */
const NAMES = /\b(?:commit|version|model|id)\b/i;

/** Its values are all texts. Those that are plainly a number or a yes or no have our type again. */
function codexDetail(label: string, value: unknown): DetailValue {
  if (value === 'true') return true;
  if (value === 'false') return false;
  const isAmount = typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value) && !NAMES.test(label);
  return isAmount ? Number(value) : detailOf(value);
}

const notesOf = ({ id, row }: RawRow): Note[] =>
  (listOf(member(row, 'notes')) ?? []).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ kind: 'info', check: id, text }];
  });

const detailOfRow = (rows: readonly CheckResult[], id: string, label: string): DetailValue | undefined => {
  const details: Details = rows.find((row) => row.id === id)?.details ?? {};
  return Object.hasOwn(details, label) ? details[label] : undefined;
};

/** Without what `state.paths` adds to it. */
function homeOf(rows: readonly CheckResult[]): string | undefined {
  const home =
    detailOfRow(rows, 'config.load', 'CODEX_HOME') ?? detailOfRow(rows, 'state.paths', 'CODEX_HOME');
  return typeof home === 'string' ? textOf(home.replace(/ \([a-z ]+\)$/, '')) : undefined;
}

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { macos: 'darwin', windows: 'win32' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };

/** `linux-x86_64`, in the words that our own reports have. */
function codexPlatform(rows: readonly CheckResult[]): Platform {
  const said = detailOfRow(rows, 'runtime.provenance', 'platform');
  const [, os = UNKNOWN, architecture = UNKNOWN] =
    /^([^-]+)-(.+)$/.exec(typeof said === 'string' ? said : '') ?? [];
  return {
    os: lookUp(OPERATING_SYSTEMS, os),
    architecture: lookUp(ARCHITECTURES, architecture),
    runtime: UNKNOWN,
  };
}

const lookUp = (names: Readonly<Record<string, string>>, name: string): string =>
  (Object.hasOwn(names, name) ? names[name] : undefined) ?? name;
