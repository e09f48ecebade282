import { FEEDBACK_TAGS } from '../../store/logs/feedback-tags.ts';
import type { Logger } from '../../store/logs/logger.ts';

const NO_MESSAGE = '';

/** What feedback will say of the thread, in the order in which it became known (`readFeedbackTags`). */
export const logTags = (logger: Logger, tags: Readonly<Record<string, string>>): void =>
  logger.under(FEEDBACK_TAGS).log('INFO', NO_MESSAGE, tags);
