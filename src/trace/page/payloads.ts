import { join } from 'node:path';
import { files } from '../../host/files.ts';
import type { PayloadReference } from '../event/payload.ts';
import { parseJson } from '../read-json.ts';
import { TraceFault } from '../reduce/fault.ts';
import { readManifest } from '../reduce/open-bundle.ts';
import { openPayloads } from '../reduce/payload-store.ts';
import type { PayloadRead, ReadPayload } from './context.ts';

/** A larger one is looked at with other means than a page. */
const MAX_BYTES = 4 * 1024 * 1024;
/** All of one page: reading and parsing this much takes a second. */
const MAX_ALL_BYTES = 64 * 1024 * 1024;

/**
 * Reads payloads of a bundle for a page: never more than it can take, and nothing that stands elsewhere.
 * @returns undefined where there is no bundle in this folder
 */
export async function payloadsOf(bundle: string): Promise<ReadPayload | undefined> {
  const { manifestSchema } = await import('../event/schema.ts');
  const manifest = orFault(() => readManifest(bundle, manifestSchema));
  if (manifest instanceof TraceFault) return undefined;
  const store = openPayloads(bundle, manifest.payloads_dir);
  let left = MAX_ALL_BYTES;
  return (reference: PayloadReference): PayloadRead => {
    const fault = orFault(() => store.check(reference));
    if (fault) return notShown(fault.message);
    const read = files.readBytes(join(bundle, reference.path), { maxBytes: Math.min(MAX_BYTES, left) });
    if (read.kind !== 'read') return notShown(`it cannot be read (${read.kind})`);
    if (read.truncated) return notShown(left < MAX_BYTES ? 'the page is full' : 'it is too large for a page');
    left -= read.bytes.length;
    const value = parseJson(read.bytes.toString('utf8'));
    return value === undefined
      ? notShown('it is no JSON')
      : { kind: 'read', value, bytes: read.bytes.length };
  };
}

const notShown = (because: string): PayloadRead => ({ kind: 'not_shown', because });

function orFault<Value>(work: () => Value): Value | TraceFault {
  try {
    return work();
  } catch (error) {
    if (error instanceof TraceFault) return error;
    throw error;
  }
}
