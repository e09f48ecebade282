import { appendFile } from 'node:fs/promises';
import type { RedactedReport } from '../../doctor/report.ts';
import { errorCode } from '../../host/files.ts';

/**
 * Puts the report behind what is already on the page of a job of GitHub Actions.
 * @param file as `GITHUB_STEP_SUMMARY` names it
 * @returns why that could not be done, such as `ENOENT`
 */
export async function addStepSummary(file: string, report: RedactedReport): Promise<string | undefined> {
  const { githubStepSummary } = await import('../../../reporters/github.ts');
  try {
    await appendFile(file, githubStepSummary(report));
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}
