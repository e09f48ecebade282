import { readFeedbackTags } from '../../logs/feedback-tags.ts';
import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

/** What the agent had logged as tags for feedback about some threads. A database of another kind has none. */
export function feedbackTags(
  database: ReadOnlyDatabase,
  { threadIds }: { readonly threadIds: readonly string[] },
): Readonly<Record<string, string>> {
  return tableNames(database).includes('logs') ? readFeedbackTags(database, threadIds) : {};
}
