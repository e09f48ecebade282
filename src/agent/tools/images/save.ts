import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../host/files.ts';
import type { ThreadId } from '../../protocol/ids.ts';
import type { ImageGenerationCallItem } from '../../protocol/item.ts';

export interface ImageFolder {
  /** Of the agent; absolute. */
  readonly home: string;
  readonly threadId: ThreadId;
}

/** Four times what a provider draws. */
const MAX_BASE64_CHARACTERS = 128 * 1024 * 1024;
/** Pictures of one name within one thread; more come from nobody. */
const MAX_SAME_NAME = 1_000;
/** File systems take 255 bytes, with room for a number. */
const MAX_NAME_LENGTH = 100;
/** What a user has drawn is his own. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

const EXTENSIONS: readonly (readonly [string, RegExp])[] = [
  ['png', /^\x89PNG/],
  ['jpg', /^\xFF\xD8\xFF/],
  ['webp', /^RIFF[^]{4}WEBP/],
];

/**
 * Keeps a picture that the provider drew under `<home>/imagegen/<thread_id>/` (spec/agent-core.md 2.4). Never overwrites.
 * @returns its path
 * @throws Error with a sentence for the user
 */
export function saveGeneratedImage(
  item: Pick<ImageGenerationCallItem, 'id' | 'result'>,
  folder: ImageFolder,
): string {
  if (item.result.length > MAX_BASE64_CHARACTERS) throw new Error('the picture is too large to be kept');
  const bytes = Buffer.from(item.result, 'base64');
  const head = bytes.toString('latin1', 0, 16);
  const extension = EXTENSIONS.find(([, signature]) => signature.test(head))?.[0];
  if (extension === undefined) throw new Error('what the provider sent is no picture');
  const place = join(folder.home, 'imagegen', safeName(folder.threadId));
  mkdirSync(place, { recursive: true, mode: FOLDER_MODE });
  const name = safeName(item.id ?? 'image');
  for (let count = 1; count <= MAX_SAME_NAME; count += 1) {
    const path = join(place, `${count === 1 ? name : `${name}-${count}`}.${extension}`);
    if (isWritten(path, bytes)) return path;
  }
  throw new Error('too many pictures have the same name');
}

/** False when there is something already, also a link. */
function isWritten(path: string, bytes: Buffer): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: FILE_MODE });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw new Error(`the picture could not be written (${errorCode(error)})`, { cause: error });
  }
}

/** Ids come from outside: no folder, no hidden file, no name that a system keeps for itself. */
function safeName(id: string): string {
  const name = id.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_NAME_LENGTH);
  return /^(?:|con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? `_${name}` : name;
}
