import type { ReadOnlyDatabase } from './database.ts';
import type { Execution } from './execute.ts';
import { descendants } from './tasks/descendants.ts';
import { feedbackTags } from './tasks/feedback-tags.ts';
import { firstValue } from './tasks/first-value.ts';
import { hasTable } from './tasks/has-table.ts';
import { integrity } from './tasks/integrity.ts';
import { migrations } from './tasks/migrations.ts';
import { sizes } from './tasks/sizes.ts';
import { threadLogs } from './tasks/thread-logs.ts';
import { threads } from './tasks/threads.ts';

/**
 * Everything that can be asked of a database, by name. A task is a pure function of the open database and a plain input;
 * the input survives JSON and the output a structured clone, because a large database is read in a child process that is
 * told only the name.
 */
export const tasks = {
  descendants,
  feedbackTags,
  firstValue,
  hasTable,
  integrity,
  migrations,
  sizes,
  threadLogs,
  threads,
};

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[1];
export type TaskOutput<Name extends TaskName> = ReturnType<(typeof tasks)[Name]>;

/** One question, for example `{ task: 'sizes', input: {} }`. */
export interface TaskRequest<Name extends TaskName = TaskName> {
  readonly task: Name;
  readonly input: TaskInput<Name>;
}

/** Tasks that read a handful of pages, however large the file is. */
const BRIEF: ReadonlySet<TaskName> = new Set(['hasTable', 'migrations', 'sizes']);

/** Tasks that run what somebody wrote, which may never end on the smallest file. */
const ENDLESS: ReadonlySet<TaskName> = new Set(['firstValue']);

/** Whether a request may be run in this process even for a large database: it is done before it could be stopped. */
export const isBrief = ({ task }: TaskRequest): boolean => BRIEF.has(task);

/** Whether a request has to be one that can be stopped, however small the database is. */
export const mayBeEndless = ({ task }: TaskRequest): boolean => ENDLESS.has(task);

/** Runs a task that is known by name only, as the child process does. */
export function runTask({ task, input }: TaskRequest, database: ReadOnlyDatabase): unknown {
  const run: (database: ReadOnlyDatabase, input: never) => unknown = tasks[task];
  return run(database, input as never);
}

/** The answer says that the file itself is damaged, which is not believed until a second build of SQLite says so too. */
export function isDamage({ task }: TaskRequest, execution: Execution): boolean {
  if (execution.kind === 'error')
    return execution.class === 'corrupt' || execution.class === 'not_a_database';
  return task === 'integrity' && (execution.value as TaskOutput<'integrity'>).findings.length > 0;
}
