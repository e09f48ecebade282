import type { Files, TextRead } from '../../host/files.ts';
import type { ProfileId } from '../profile.ts';
import { withAliases } from './aliases.ts';
import { checkShape } from './check-shape.ts';
import { checkFeatures, withoutUnknownFeatures } from './features.ts';
import type { ConfigLayer, ConfigProblem, ConfigTable, LayerKind, ReadFault } from './facts.ts';
import { formatKeyPath } from './key-path.ts';
import { valueAtPath } from './merge.ts';
import { retiredKey, retiredValue } from './schema/retired.ts';
import { OWN_ROOT, ROOT } from './schema/root.ts';
import { locator } from './toml/locate.ts';
import type { Locate } from './toml/locate.ts';
import { readToml } from './toml/read.ts';

/** A layer while the configuration is put together. */
export interface LoadedLayer {
  readonly layer: ConfigLayer;
  /** As written, before values that do not fit were left out. */
  readonly written: ConfigTable;
  /** Of a file: where in it a key stands. */
  readonly locate?: Locate;
  readonly problems: readonly ConfigProblem[];
}

interface LayerFile {
  readonly kind: LayerKind;
  readonly path: string;
  readonly files: Files;
  readonly profile: ProfileId;
}

/** Reads one configuration file as far as it can be read. Never throws. */
export function readLayer({ kind, path, files, profile }: LayerFile): LoadedLayer {
  const read = files.readText(path);
  if (read.kind === 'missing') return empty({ kind, origin: path, state: 'missing', values: {} });
  const fault = faultOf(read);
  if (fault) {
    const problem: ConfigProblem = { kind: 'unreadable', layer: kind, origin: path, ...fault };
    return empty(
      { kind, origin: path, state: fault.readFault === 'missing' ? 'missing' : 'unreadable', values: {} },
      [problem],
    );
  }
  const text = read.kind === 'read' ? read.text : '';
  const locate = locator(text);
  const { values: written, faults } = readToml(text);
  const broken = faults.map((syntax): ConfigProblem => ({
    kind: 'malformed',
    layer: kind,
    origin: path,
    fatal: true,
    ...syntax,
  }));
  const checked = checkValues({ kind, origin: path, written, locate, profile });
  const layer: ConfigLayer = {
    kind,
    origin: path,
    state: broken.length === 0 ? 'loaded' : 'malformed',
    values: checked.values,
  };
  return { layer, written, locate, problems: [...broken, ...checked.problems] };
}

const empty = (layer: ConfigLayer, problems: readonly ConfigProblem[] = []): LoadedLayer => ({
  layer,
  written: {},
  problems,
});

/** Compares the values of a layer with the schema; what does not fit is left out and named. */
export function checkValues({
  kind,
  origin,
  written,
  locate,
  profile,
}: {
  kind: LayerKind;
  origin: string;
  written: ConfigTable;
  locate?: Locate;
  profile: ProfileId;
}): { readonly values: ConfigTable; readonly problems: readonly ConfigProblem[] } {
  const { kept, findings } =
    profile === 'stethos' ? checkShape(withAliases(written), OWN_ROOT) : checkShape(written, ROOT);
  const all = [...findings, ...checkFeatures(kept, profile)];
  const problems = all.map((finding): ConfigProblem => {
    const { path, ...rest } = finding;
    const keyPath = formatKeyPath(path);
    const retired =
      finding.kind === 'unknown_key' ? retiredKey(keyPath) : retiredValue(path, valueAtPath(written, path));
    return {
      layer: kind,
      origin,
      fatal: finding.kind === 'invalid_value',
      keyPath,
      ...locate?.(path),
      ...rest,
      ...retired,
    };
  });
  return { values: withoutUnknownFeatures(kept, profile), problems };
}

type FileFault = Pick<ConfigProblem, 'message' | 'fatal'> & {
  readonly readFault: ReadFault;
  readonly found?: string;
};

function faultOf(read: TextRead): FileFault | undefined {
  switch (read.kind) {
    case 'read':
      if (read.truncated)
        return {
          readFault: 'too_large',
          message: 'the file is too large for a configuration',
          found: `${read.facts.size} bytes`,
          fatal: false,
        };
      return read.validUtf8
        ? undefined
        : { readFault: 'not_utf8', message: 'the file is not UTF-8 text', fatal: true };
    case 'wrong_type':
      return {
        readFault: 'wrong_type',
        message: `a ${read.type} stands where the file should be`,
        found: `a ${read.type}`,
        fatal: true,
      };
    case 'missing':
    case 'dangling':
      // The agent takes a link to nowhere for an absent file and starts with defaults, without a word.
      return {
        readFault: 'missing',
        message: 'the file is a link to nowhere, so its settings do not apply',
        found: 'a dangling link',
        fatal: false,
      };
    case 'loop':
      return {
        readFault: 'loop',
        message: 'the file is a link that leads back to itself',
        found: 'a link loop',
        fatal: true,
      };
    case 'denied':
      return { readFault: 'permissions', message: 'the file may not be read', found: read.code, fatal: true };
    case 'failed':
      return { readFault: 'failed', message: 'the file could not be read', found: read.code, fatal: true };
  }
}
