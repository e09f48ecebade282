import { bare } from '../../store/logs/logger.ts';
import type { Logger } from '../../store/logs/logger.ts';

/** Lines of a turn stand in its span; what belongs to none stands where it is. */
export const turnSpan = (logger: Logger, turnId: string | undefined): Logger =>
  turnId ? logger.span('turn', { 'turn.id': bare(turnId) }) : logger;
