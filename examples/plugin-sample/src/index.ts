import { definePlugin } from 'stethos';
import { csv } from './csv.ts';
import projectNotes from './project-notes.ts';
import signedCommits from './signed-commits.ts';

export default definePlugin({
  api: 1,
  name: 'sample',
  version: '0.1.0',
  checks: [projectNotes, signedCommits],
  reporters: { csv: { description: 'one line per check, for a spreadsheet', render: csv } },
});
