import { join } from 'node:path';
import type { JsonValue } from '../../host/json.ts';
import { files } from '../../host/files.ts';
import { MAX_PAYLOAD_BYTES } from '../event/bundle-files.ts';
import type { PayloadReference } from '../event/payload.ts';
import { TraceFault } from './fault.ts';
import { parseJson } from '../read-json.ts';

/** The payload files of a bundle: each is looked at when an event names it, and read when something in it is needed. */
export interface PayloadStore {
  /** @throws TraceFault unless the file stands in the bundle */
  check(reference: PayloadReference): void;
  /** @throws TraceFault also where it is no JSON, or too large */
  read(reference: PayloadReference): JsonValue;
}

/**
 * Only regular files that stand in the payload folder itself are opened: a bundle comes from somewhere, and must not show
 * other files of this machine.
 * @param folder name of the payload folder, from the manifest
 */
export function openPayloads(bundle: string, folder: string): PayloadStore {
  const pathOf = ({ raw_payload_id: id, path }: PayloadReference): string => {
    const prefix = `${folder}/`;
    const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
    if (!PLAIN_NAME.test(name))
      throw new TraceFault('unsafe_path', `${id} does not stand in the folder ${folder}`);
    return join(bundle, folder, name);
  };
  const check = (reference: PayloadReference): string => {
    const path = pathOf(reference);
    const seen = files.look(path);
    const id = reference.raw_payload_id;
    if (seen.kind !== 'found') throw new TraceFault('missing_payload', `${id} cannot be read: ${seen.kind}`);
    if (seen.isLink) throw new TraceFault('unsafe_path', `${id} is a link`);
    if (seen.type !== 'file') throw new TraceFault('missing_payload', `${id} is a ${seen.type}`);
    return path;
  };
  return {
    check: (reference) => void check(reference),
    read(reference) {
      const id = reference.raw_payload_id;
      const read = files.readText(check(reference), { maxBytes: MAX_PAYLOAD_BYTES });
      if (read.kind !== 'read') throw new TraceFault('missing_payload', `${id} cannot be read: ${read.kind}`);
      if (read.truncated)
        throw new TraceFault('too_large', `${id} is larger than ${MAX_PAYLOAD_BYTES} bytes`);
      const value = parseJson(read.text);
      if (value === undefined) throw new TraceFault('malformed_payload', `${id} is no JSON`);
      return value;
    },
  };
}

/** A name without a folder in it: `12.json`. */
export const PLAIN_NAME = /^[\w-][\w.-]{0,127}$/;
