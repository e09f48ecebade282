import type { Files } from '../../host/files.ts';
import type { CredentialFile } from './facts.ts';
import { readStored } from './stored.ts';

/** A real file has three tokens of a few kilobytes. */
const MAX_CREDENTIAL_BYTES = 1024 * 1024;

/** Reads the credential file. The secrets in it do not leave this function. */
export function readCredentialFile(path: string, files: Files): CredentialFile {
  // Bytes rather than text, so that a byte-order mark stays visible: the agent refuses a file that begins with one.
  const read = files.readBytes(path, { maxBytes: MAX_CREDENTIAL_BYTES });
  switch (read.kind) {
    case 'read': {
      if (read.truncated) return { kind: 'too_large' };
      let text: string;
      try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read.bytes);
      } catch {
        return { kind: 'not_utf8' };
      }
      return readStored(text);
    }
    case 'denied':
    case 'failed':
      return { kind: read.kind, code: read.code };
    case 'wrong_type':
      return { kind: 'wrong_type', type: read.type };
    case 'missing':
    case 'dangling':
    case 'loop':
      return { kind: read.kind };
  }
}
