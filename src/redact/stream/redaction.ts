import { createHash } from 'node:crypto';
import type { Redactor } from '../redactor.ts';
import { encoded } from '../scan/encoder.ts';
import type { RedactionFormat, StreamRedaction } from '../stream.ts';
import { createTextDecoder } from './decoder.ts';
import { createDocumentRedactor } from './document.ts';
import { createFindingList } from './findings.ts';
import type { FindingList } from './findings.ts';
import { createLinesRedactor } from './json-lines.ts';
import { createTextRedactor } from './text.ts';
import type { StreamRedactor } from './text.ts';

/** One stream on its way through the redactor, step by step and without waiting. */
export interface Redaction {
  readonly push: (bytes: Uint8Array) => readonly Uint8Array[];
  readonly end: () => readonly Uint8Array[];
  /** After the end. */
  readonly result: () => StreamRedaction;
}

const FORMATS: Readonly<
  Record<RedactionFormat, (redactor: Redactor, findings: FindingList) => StreamRedactor>
> = {
  text: createTextRedactor,
  jsonl: createLinesRedactor,
  json: createDocumentRedactor,
};

export function beginRedaction({
  redactor,
  format,
}: {
  readonly redactor: Redactor;
  readonly format: RedactionFormat;
}): Redaction {
  const branch = redactor.branch();
  const findings = createFindingList();
  const stream = FORMATS[format](branch, findings);
  const decoder = createTextDecoder();
  const hash = createHash('sha256');
  let [bytesIn, bytesOut] = [0, 0];
  const written = (text: string): readonly Uint8Array[] => {
    const pieces = encoded(text);
    for (const bytes of pieces) {
      bytesOut += bytes.length;
      hash.update(bytes);
    }
    return pieces;
  };
  return {
    push(bytes) {
      bytesIn += bytes.length;
      return written(stream.push(decoder.push(bytes)));
    },
    end: () => written(stream.push(decoder.end()) + stream.end()),
    result: () => ({
      bytesIn,
      bytesOut,
      sha256: hash.digest('hex'),
      ledger: branch.ledger(),
      confident: branch.confident(),
      findings: findings.list(),
      unlisted: findings.unlisted(),
    }),
  };
}

/** A source may give everything at once; memory stays flat even so, and the texts of small parts are quickly forgotten. */
const MAX_PART = 32 * 1024;

export function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += MAX_PART) yield bytes.subarray(start, start + MAX_PART);
}
