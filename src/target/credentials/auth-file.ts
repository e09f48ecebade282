import type { Files } from '../../host/files.ts';
import type { CredentialFile } from './facts.ts';
import { readStored } from './stored.ts';

/** A real file has three tokens of a few kilobytes. */
const MAX_CREDENTIAL_BYTES = 1024 * 1024;

export type CredentialText =
  | { readonly kind: 'text'; readonly text: string }
  | Exclude<CredentialFile, { readonly kind: 'malformed' | 'stored' }>;

/** Reads the credential file. The secrets in it do not leave this function. */
export function readCredentialFile(path: string, files: Files): CredentialFile {
  const read = readCredentialText(path, files);
  return read.kind === 'text' ? readStored(read.text) : read;
}

/** The file as it stands, secrets and all: for `readCredentialFile`, and for attaching a credential to a request. */
export function readCredentialText(path: string, files: Files): CredentialText {
  // Bytes rather than text, so that a byte-order mark stays visible: the agent refuses a file that begins with one.
  const read = files.readBytes(path, { maxBytes: MAX_CREDENTIAL_BYTES });
  switch (read.kind) {
    case 'read': {
      if (read.truncated) return { kind: 'too_large' };
      try {
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        return { kind: 'text', text: decoder.decode(read.bytes) };
      } catch {
        return { kind: 'not_utf8' };
      }
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
