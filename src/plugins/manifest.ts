import { z } from 'zod';
import { SECTIONS } from '../doctor/report.ts';
import { PLUGIN_API } from './plugin.ts';
import type { ProcessFault } from './plugin-process.ts';
import { problemOf } from './told.ts';

/** What a plugin offers, as its process says it; every member was looked at. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly checks: readonly OfferedCheck[];
  readonly reporters: readonly { readonly name: string; readonly description: string }[];
}

export type OfferedCheck = z.infer<typeof OFFERED_CHECK>;

/** One plugin brings what belongs together; more is a mistake, or an attempt to bury the other rows. */
const MOST_CHECKS = 100;
const MOST_REPORTERS = 20;
const MOST_IDS = 50;
/** A check may wait as long as the longest command of ours. */
const MOST_BUDGET_MS = 10 * 60 * 1_000;

/**
 * Ids, categories and names of formats are what programs match on: they pass the redactor as they are, so they are
 * words of these forms and nothing else.
 */
const ID = /^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){1,3}$/;
export const CHECK_ID = z
  .string()
  .regex(ID, 'an id looks like acme.vpn: words of a-z, 0-9 and _, with dots between');
const CATEGORY = z.string().regex(/^[a-z0-9][a-z0-9 ._-]{0,39}$/, 'a category is a short word in lower case');
const FORMAT_NAME = z
  .string()
  .regex(/^[a-z][a-z0-9+_-]{0,39}$/, 'the name of a format is a short word in lower case');
const sentence = z.string().min(1).max(300);
/** Anything else could be a link that does something. */
const WEB_ADDRESS = z
  .string()
  .max(500)
  .regex(/^https?:\/\/\S+$/, 'docs is the address of a page, https://…');

/** A built-in check has one word, such as `installation`. */
const ANY_ID = z.string().regex(/^[a-z][a-z0-9_.]{0,120}$/, 'no id of a check');

const OFFERED_CHECK = z.strictObject({
  id: z.string().max(200),
  section: z.enum(SECTIONS),
  category: CATEGORY,
  title: sentence,
  needs: z.array(ANY_ID).max(MOST_IDS).exactOptional(),
  defersTo: z.array(ANY_ID).max(MOST_IDS).exactOptional(),
  budgetMs: z.int().min(1).max(MOST_BUDGET_MS),
  network: z.boolean().exactOptional(),
  docs: WEB_ADDRESS.exactOptional(),
});

const MANIFEST: z.ZodType<Manifest> = z.object({
  name: z.string().min(1).max(100),
  version: z.string().max(100).exactOptional(),
  checks: z.array(OFFERED_CHECK).max(MOST_CHECKS),
  reporters: z.array(z.strictObject({ name: FORMAT_NAME, description: sentence })).max(MOST_REPORTERS),
});

export type ManifestRead =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'faulty'; readonly fault: ProcessFault };

/** The version of the contract first: a plugin of another one may say anything else in another way. */
export function readManifest(said: unknown): ManifestRead {
  const { api } = (typeof said === 'object' && said !== null ? said : {}) as { readonly api?: unknown };
  if (api !== PLUGIN_API) {
    const version = typeof api === 'number' ? String(api) : typeof api;
    return faulty(
      'mismatch',
      `is written for version ${version} of the contract; this stethos has ${PLUGIN_API}`,
    );
  }
  const { success, data, error } = MANIFEST.safeParse(said);
  return success
    ? { kind: 'read', manifest: data }
    : faulty('invalid_value', `describes itself wrongly: ${problemOf(error)}`);
}

const faulty = (faultClass: ProcessFault['class'], message: string): ManifestRead => ({
  kind: 'faulty',
  fault: { class: faultClass, message },
});
