import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';

/** What an issue of one server says; the cause goes on from `MCP server <name> `. */
export interface Words {
  readonly class: FailureClass;
  readonly cause: string;
  readonly measured: string;
  readonly expected: string;
  readonly remedy: string;
  readonly command?: string;
  readonly failure?: VerdictIssue['failure'];
}
