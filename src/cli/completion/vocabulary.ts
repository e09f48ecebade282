import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from '../../../reporters/formats.ts';
import { FAILURE_CLASSES } from '../../doctor/failure.ts';
import { packageFile } from '../package-file.ts';
import { SHELLS } from './shells.ts';
import type { Candidate, Vocabulary } from './values.ts';

/** Names of the built-in checks from their pages: loading the checks would take as long as starting the doctor. */
function checksWithPages(): readonly Candidate[] {
  const folder = packageFile('docs/checks');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => {
      const [, , statement = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
      return { value: name.slice(0, -'.md'.length), description: statement };
    });
}

/** What this package knows. Reads its own files only. */
export const vocabulary: Vocabulary = {
  checks: checksWithPages,
  classes: () => Object.entries(FAILURE_CLASSES).map(([value, phase]) => ({ value, description: phase })),
  formats: () => Object.entries(FORMATS).map(([value, { description }]) => ({ value, description })),
  shells: () => Object.keys(SHELLS).map((value) => ({ value, description: '' })),
};
