import { text } from 'node:stream/consumers';
import { BundleFault } from './fault.ts';
import { MANIFEST, parseManifest, REPORT } from './manifest.ts';
import type { ManifestEntry } from './manifest.ts';
import type { BundleEntry, OpenBundle } from './read.ts';

/** A bundle by its manifest and its archive. */
export interface InspectedBundle {
  /** Title, event id and tags as the report says; undefined members where it does not. */
  readonly report: Readonly<Record<string, unknown>>;
  readonly manifest: readonly ManifestEntry[];
  /** What is in it, report and manifest left out. */
  readonly attachments: readonly BundleEntry[];
  /** In the archive and not in the manifest, or the other way round. */
  readonly strays: readonly string[];
}

/** Report and manifest are words, tags and one line per file. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** @throws BundleFault */
export async function inspectBundle(bundle: OpenBundle): Promise<InspectedBundle> {
  const manifest = parseManifest(await readJson(bundle, MANIFEST));
  if (typeof manifest === 'string') throw new BundleFault(manifest);
  const report = parseReport(await readJson(bundle, REPORT));
  const listed = new Set(manifest.map(({ entry }) => entry));
  const attachments = bundle.entries.filter(({ name }) => name !== REPORT && name !== MANIFEST);
  const present = new Set(bundle.entries.map(({ name }) => name));
  return {
    report,
    manifest,
    attachments,
    strays: [
      ...attachments
        .filter(({ name }) => !listed.has(name))
        .map(({ name }) => `${name} is not in the manifest`),
      ...manifest
        .filter(({ entry }) => !present.has(entry))
        .map(({ entry }) => `${entry} is in the manifest only`),
    ],
  };
}

async function readJson(bundle: OpenBundle, name: string): Promise<string> {
  const entry = bundle.entries.find((one) => one.name === name);
  if (!entry) throw new BundleFault(`there is no ${name} in it`);
  if (entry.bytes > MAX_JSON_BYTES) throw new BundleFault(`${name} is larger than any`);
  try {
    return await text(await entry.open());
  } catch (error) {
    throw error instanceof BundleFault ? error : new BundleFault(`${name}: ${(error as Error).message}`);
  }
}

function parseReport(json: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(json) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new BundleFault(`${REPORT} is no JSON object`);
}
