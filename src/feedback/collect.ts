import type { Files } from '../host/files.ts';
import { readDatabase } from '../store/sqlite/read.ts';
import { doctorTags } from '../telemetry/sentry/doctor-tags.ts';
import type { Environment } from '../target/home.ts';
import type { Profile } from '../target/profile.ts';
import { connectivityDiagnostics } from './connectivity.ts';
import { runDoctor } from './doctor-report.ts';
import type { DoctorRun } from './doctor-report.ts';
import type { ItemKind, Omission, SourceItem } from './item.ts';
import type { FeedbackRequest } from './prepared.ts';
import { extraItems, fileItem, textItem } from './source-items.ts';
import { findSubtree, sessionFiles } from './subtree.ts';
import { threadIndex } from './thread-index.ts';
import { traceItems } from './trace-items.ts';

/** Where everything is that feedback may hold. Nothing of it is changed. */
export interface Surroundings {
  readonly profile: Profile;
  readonly home: string;
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Files;
  /** Paths of the databases; undefined where the installation keeps none. */
  readonly logDatabase: string | undefined;
  readonly stateDatabase: string | undefined;
  readonly doctor: DoctorRun;
  readonly signal: AbortSignal;
  /** Milliseconds for one database. */
  readonly databaseTimeoutMs?: number;
}

export interface Collected {
  /** In the order of the reference (spec/observability.md 6). */
  readonly items: readonly SourceItem[];
  readonly omitted: readonly Omission[];
  readonly doctorTags: Readonly<Record<string, string>>;
}

/** A log database of the largest size that an agent keeps, copied and read. */
const DATABASE_TIMEOUT_MS = 20_000;

/** Gathers what was asked for. Never rejects; whatever is not there has a reason. */
export async function collect(
  { collect: wanted, extraFiles = [], trace }: FeedbackRequest,
  threadId: string | undefined,
  around: Surroundings,
): Promise<Collected> {
  const { profile, files, cwd, env } = around;
  const omitted: Omission[] = [];
  const omit = (kind: ItemKind, name: string, reason: string): void =>
    void omitted.push({ kind, name, reason });
  // It takes longest, and needs nothing of the rest.
  const doctor = wanted.has('doctor') ? runDoctor(around.doctor) : undefined;

  const subtree =
    threadId === undefined || !needsThread(wanted) ? undefined : await findSubtree(threadId, around);
  const threadIds = subtree?.threadIds ?? [];
  const logs = wanted.has('logs') ? await logItem(threadIds, around, omit) : [];

  const isWanted = new Set(threadIds);
  const found = (subtree && NEEDS_FILES.some((kind) => wanted.has(kind)) ? await sessionFiles(around) : [])
    .filter((file) => file.threadId !== undefined && isWanted.has(file.threadId))
    .toSorted((a, b) => threadIds.indexOf(a.threadId ?? '') - threadIds.indexOf(b.threadId ?? ''));
  const index = wanted.has('thread-index') && subtree ? [threadIndexItem(threadIndex(subtree, found))] : [];
  const rollouts = wanted.has('rollouts') ? found.map(({ path }) => fileItem('rollouts', path)) : [];
  if (wanted.has('rollouts') && rollouts.length === 0)
    omit('rollouts', 'session files', threadId === undefined ? NO_THREAD : 'the session left no file');

  const diagnostics = wanted.has('connectivity') ? connectivityDiagnostics(env) : undefined;
  const said = await doctor;
  const doctorName = `${profile.id}-doctor-report.json`;
  if (said?.kind === 'none') omit('doctor', doctorName, said.reason);
  const report = said?.kind === 'report' ? said.report : undefined;

  const traced = wanted.has('trace') && trace !== undefined ? traceItems(trace, files) : NOTHING;
  const extra = wanted.has('files') ? extraItems(extraFiles, { files, cwd }) : NOTHING;
  return {
    items: [
      ...logs,
      ...index,
      ...(report ? [jsonItem('doctor', doctorName, report)] : []),
      ...(diagnostics === undefined
        ? []
        : [
            textItem(
              {
                kind: 'connectivity',
                name: `${profile.id}-connectivity-diagnostics.txt`,
                contentType: 'text/plain',
                format: 'text',
              },
              diagnostics,
            ),
          ]),
      ...rollouts,
      ...traced.items,
      ...extra.items,
    ],
    omitted: [...omitted, ...traced.omitted, ...extra.omitted],
    doctorTags: doctorTags(report),
  };
}

const NOTHING = { items: [], omitted: [] } as const;
const NO_THREAD = 'there is no session';
const NEEDS_FILES: readonly ItemKind[] = ['rollouts', 'thread-index'];
const needsThread = (wanted: ReadonlySet<ItemKind>): boolean =>
  wanted.has('logs') || NEEDS_FILES.some((kind) => wanted.has(kind));

/** What the agent had logged as tags for feedback about a thread; none where that cannot be read. */
export async function loggedTags(
  threadId: string | undefined,
  { logDatabase, signal, files, databaseTimeoutMs: timeoutMs = DATABASE_TIMEOUT_MS }: Surroundings,
): Promise<Readonly<Record<string, string>>> {
  if (threadId === undefined || logDatabase === undefined) return {};
  const question = { task: 'feedbackTags', input: { threadIds: [threadId] } } as const;
  const read = await readDatabase(logDatabase, question, { signal, timeoutMs, files });
  return read.kind === 'read' ? read.value : {};
}

type Omit = (kind: ItemKind, name: string, reason: string) => void;

async function logItem(
  threadIds: readonly string[],
  around: Surroundings,
  omit: Omit,
): Promise<SourceItem[]> {
  const { profile, logDatabase, signal, files, databaseTimeoutMs: timeoutMs = DATABASE_TIMEOUT_MS } = around;
  const name = `${profile.id}-logs.log`;
  const without = (reason: string): SourceItem[] => {
    omit('logs', name, reason);
    return [];
  };
  if (threadIds.length === 0) return without(NO_THREAD);
  if (logDatabase === undefined) return without('there is no log database');
  const read = await readDatabase(
    logDatabase,
    { task: 'threadLogs', input: { threadIds } },
    { signal, timeoutMs, files },
  );
  switch (read.kind) {
    case 'read':
      return read.value.lines === 0
        ? without('nothing was logged for this session')
        : [textItem({ kind: 'logs', name, contentType: 'text/plain', format: 'text' }, read.value.text)];
    case 'missing':
    case 'empty':
      return without('there is no log database');
    case 'timeout':
      return without(`the log database gave no answer within ${read.timeoutMs / 1_000} s`);
    case 'failed':
      return without(`the log database cannot be read (${read.code})`);
  }
}

const threadIndexItem = (index: object): SourceItem =>
  jsonItem('thread-index', 'feedback-thread-index.json', index);

const jsonItem = (kind: ItemKind, name: string, value: object): SourceItem =>
  textItem(
    { kind, name, contentType: 'application/json', format: 'json' },
    `${JSON.stringify(value, null, 2)}\n`,
  );
