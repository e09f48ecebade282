import { createReadStream } from 'node:fs';
import { LARGEST_REPORT } from '../doctor/import/read-report.ts';
import { errorCode } from '../host/files.ts';
import { formatBytes } from '../host/units.ts';
import { decodeInput } from './decode-input.ts';
import { noticeOnError, readAll, readInput, systemInput } from './standard-input.ts';
import { UsageError } from './usage-error.ts';

export const STANDARD_INPUT = '-';

/**
 * The text of a file, of standard input where the path is `-`, or of a pipe such as a shell makes for `<(command)`.
 * @throws UsageError where there is none
 */
export async function readText(path: string): Promise<string> {
  if (path === STANDARD_INPUT) {
    const read = await readInput(systemInput, {
      what: 'a report',
      maxBytes: LARGEST_REPORT,
      notice: noticeOnError,
    });
    if (read.kind === 'problem') throw new UsageError(read.message);
    return read.text;
  }
  const bytes = await readBytes(path);
  if (!bytes) throw new UsageError(`${path} is larger than ${formatBytes(LARGEST_REPORT)}: no report is.`);
  const decoded = decodeInput(bytes);
  if (decoded.kind === 'text') return decoded.text;
  throw new UsageError(`${path} is ${decoded.encoding}.`, 'Name what stethos doctor --json printed.');
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  let failure: unknown;
  const stream = createReadStream(path).on('error', (error) => {
    failure = error;
  });
  const bytes = await readAll(stream, LARGEST_REPORT);
  if (failure === undefined) return bytes;
  const code = errorCode(failure);
  const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  throw new UsageError(
    `${path} ${what}.`,
    'Name a file that stethos doctor --json wrote, or - for standard input.',
  );
}
