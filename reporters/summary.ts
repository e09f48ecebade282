import { renderText } from './text/report.ts';
import type { Reporter } from './reporter.ts';

/** One line per check, no evidence. */
export const summary: Reporter = (report, style) => renderText(report, style, { details: false });
