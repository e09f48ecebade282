// Entry of the process that reads a large database: one job on the command line, one answer on stdout, in V8's own format.
import { serialize } from 'node:v8';
import { execute } from './execute.ts';
import type { ChildJob } from './run-in-child.ts';

const { location, request } = JSON.parse(process.argv[2] ?? '') as ChildJob;
// Bundled as CommonJS, which has no top-level await.
void execute(location, request).then((answer) => process.stdout.write(serialize(answer)));
