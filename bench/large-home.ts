import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/** The home of the agent's own sample report: a year of daily use. */
const ACTIVE = 1_526;
const ARCHIVED = 8;
const ROLLOUT_BYTES = 1_760_000;
const LOG_BYTES = 300 * 1024 * 1024;
const LOG_BODY_BYTES = 2_000;

/**
 * Grows a copy of a real home: session files (sparse, so that 2.5 GB cost no disk), their rows in the state DB, and log
 * rows. It stays a healthy home: its index names the files of the copy.
 */
export function growHome(home: string, original: string): void {
  const sample = findRollout(join(home, 'sessions'));
  const head = readFileSync(sample, 'utf8').trimEnd().split('\n');
  const state = new Database(join(home, 'state_5.sqlite'));
  state.prepare('UPDATE threads SET rollout_path = replace(rollout_path, ?, ?)').run(original, home);
  const template = state.prepare('SELECT * FROM threads WHERE archived = 0 LIMIT 1').get() as Record<
    string,
    unknown
  >;
  const columns = Object.keys(template);
  const insert = state.prepare(
    `INSERT INTO threads (${columns.join(',')}) VALUES (${columns.map((name) => `@${name}`).join(',')})`,
  );
  state.transaction(() => {
    for (let index = 0; index < ACTIVE + ARCHIVED; index += 1) {
      const archived = index >= ACTIVE;
      const id = randomUUID();
      const path = archived
        ? join(home, 'archived_sessions', nameOf(index, id))
        : join(home, 'sessions', dayOf(index), nameOf(index, id));
      writeRollout(path, head, id);
      insert.run({ ...template, id, rollout_path: path, archived: Number(archived) });
    }
  })();
  state.close();
  growLogs(join(home, 'logs_2.sqlite'));
}

function findRollout(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = names.find((name) => name.endsWith('.jsonl'));
  if (found === undefined) throw new Error(`no session file below ${folder}`);
  return join(folder, found);
}

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (index: number): string => `2026/${two(1 + (index % 10))}/${two(1 + (index % 28))}`;
const nameOf = (index: number, id: string): string =>
  `rollout-${dayOf(index).replaceAll('/', '-')}T${two(index % 24)}-${two(index % 60)}-00-${id}.jsonl`;

/** Real records at both ends, a hole between them. */
function writeRollout(path: string, records: readonly string[], id: string): void {
  const [meta = '', ...rest] = records;
  const sessionMeta = JSON.parse(meta) as { payload: { id: string; session_id?: string } };
  sessionMeta.payload.id = id;
  sessionMeta.payload.session_id = id;
  const text = `${[JSON.stringify(sessionMeta), ...rest].join('\n')}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  truncateSync(path, ROLLOUT_BYTES - text.length - 1);
  writeFileSync(path, `\n${rest.join('\n')}\n`, { flag: 'a' });
}

function growLogs(path: string): void {
  const logs = new Database(path);
  const body = 'x'.repeat(LOG_BODY_BYTES);
  const insert = logs.prepare(
    "INSERT INTO logs (ts, ts_nanos, level, target, feedback_log_body, estimated_bytes) VALUES (?, ?, 'INFO', 'codex_core', ?, ?)",
  );
  logs.transaction(() => {
    for (let row = 0; row < LOG_BYTES / LOG_BODY_BYTES; row += 1)
      insert.run(1_790_000_000 + row, row, body, LOG_BODY_BYTES);
  })();
  logs.pragma('wal_checkpoint(TRUNCATE)');
  logs.close();
}
