import { pathToFileURL } from 'node:url';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Access, Location, ReadOnlyDatabase, Row } from './database.ts';

/** An open database; close it in the same tick, so that nothing else in the process touches its files meanwhile. */
interface OpenDatabase extends ReadOnlyDatabase {
  close(): void;
}

/** Query part of the `file:` name; `private` copies need none. */
const URI_OPTIONS: Readonly<Record<Exclude<Access, 'private'>, string>> = {
  shared_memory: '?mode=ro&readonly_shm=1',
  immutable: '?mode=ro&immutable=1',
  locking: '?mode=ro',
};

/** Makes an engine ready, so that `openDatabase` itself never waits. */
export async function loadEngine(engine: Location['engine']): Promise<(location: Location) => OpenDatabase> {
  return engine === 'node' ? loadNode() : loadSecondBuild();
}

function loadNode(): (location: Location) => OpenDatabase {
  const sqlite = withoutWarning(() => process.getBuiltinModule('node:sqlite'));
  return ({ path, access, busyTimeoutMs }) => {
    const name = access === 'private' ? path : pathToFileURL(path).href + URI_OPTIONS[access];
    const database = new sqlite.DatabaseSync(name, {
      readOnly: access !== 'private',
      timeout: busyTimeoutMs,
    });
    return guarded({
      all: (sql, ...parameters) => allRows(database, sql, parameters as SQLInputValue[]),
      each: (sql) => database.prepare(sql).iterate(),
      close: () => database.close(),
    });
  };
}

/** Its SQLite ignores `file:` names, so it reads private copies only. */
async function loadSecondBuild(): Promise<(location: Location) => OpenDatabase> {
  const { default: Database } = await import('better-sqlite3');
  return ({ path, busyTimeoutMs }) => {
    const database = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
    return guarded({
      all: (sql, ...parameters) => {
        const statement = database.prepare<unknown[], Row>(sql);
        if (statement.reader) return statement.all(...parameters);
        statement.run(...parameters);
        return [];
      },
      each: (sql) => database.prepare<unknown[], Row>(sql).iterate(),
      close: () => database.close(),
    });
  };
}

/** A damaged or hostile schema must not run functions of its own choosing. */
function guarded(database: OpenDatabase): OpenDatabase {
  try {
    database.all('PRAGMA trusted_schema = OFF');
    // A mapped file that is cut short by its owner would kill this process.
    database.all('PRAGMA mmap_size = 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function allRows(database: DatabaseSync, sql: string, parameters: SQLInputValue[]): Row[] {
  const statement = database.prepare(sql);
  try {
    return statement.all(...parameters);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // An integer beyond 2^53: read again with big integers, which is slower, and round.
    statement.setReadBigInts(true);
    return statement
      .all(...parameters)
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
        ),
      );
  }
}

/** `node:sqlite` announces on stderr that it is experimental; a report should not begin with that. */
function withoutWarning<Value>(load: () => Value): Value {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return load();
  } finally {
    if (original) Object.defineProperty(process, 'emitWarning', original);
  }
}
