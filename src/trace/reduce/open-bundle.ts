import { join } from 'node:path';
import type { z } from 'zod';
import { files } from '../../host/files.ts';
import { BUNDLE } from '../event/bundle-files.ts';
import { SCHEMA_VERSION } from '../event/event.ts';
import type { manifestSchema } from '../event/schema.ts';
import { TraceFault } from './fault.ts';
import { PLAIN_NAME } from './payload-store.ts';
import { parseJson } from '../read-json.ts';

/** `manifest.json` of a bundle. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest has seven short members. */
const MAX_MANIFEST_BYTES = 64 * 1024;

/** @throws TraceFault for what is no bundle of this version, or reaches out of its folder */
export function readManifest(bundle: string, schema: typeof manifestSchema): Manifest {
  const look = files.look(bundle);
  if (look.kind !== 'found' || look.type !== 'directory')
    throw new TraceFault('not_a_bundle', 'it is no folder with a trace in it');
  const path = join(bundle, BUNDLE.manifest);
  if (isLink(path)) throw new TraceFault('unsafe_path', `${BUNDLE.manifest} is a link`);
  const read = files.readText(path, { maxBytes: MAX_MANIFEST_BYTES });
  if (read.kind !== 'read' || read.truncated)
    throw new TraceFault('not_a_bundle', `there is no ${BUNDLE.manifest} that can be read`);
  const parsed = schema.safeParse(parseJson(read.text));
  if (!parsed.success) throw new TraceFault('not_a_bundle', `${BUNDLE.manifest} is none of a trace`);
  const manifest = parsed.data;
  if (manifest.schema_version !== SCHEMA_VERSION)
    throw new TraceFault(
      'unsupported_schema',
      `the bundle has schema version ${manifest.schema_version}; version ${SCHEMA_VERSION} can be read`,
    );
  for (const name of [manifest.raw_event_log, manifest.payloads_dir])
    if (!PLAIN_NAME.test(name) || isLink(join(bundle, name)))
      throw new TraceFault('unsafe_path', `${BUNDLE.manifest} names what does not stand in the bundle`);
  return manifest;
}

function isLink(path: string): boolean {
  const look = files.look(path);
  return look.kind === 'dangling' || (look.kind === 'found' && look.isLink);
}
