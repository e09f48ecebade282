import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A new name in a folder survives a power cut only after this. Windows cannot do it, and some file systems refuse. */
export async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
