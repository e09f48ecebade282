import { setImmediate } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import type { RolloutList } from './files.ts';
import { readSessionMeta } from './header.ts';
import type { SessionMeta } from './header.ts';
import { plainName } from './name.ts';

/** The session files of a home by one number, active ones first. */
export interface Known {
  readonly count: number;
  isArchived(file: number): boolean;
  /** Relative to the home and without the suffix of compression, as a row would name it. */
  placeOf(file: number): string;
  pathOf(file: number): string;
  /** The id in the file's name, in lower case. */
  nameIdOf(file: number): string | undefined;
  /** Reads the metadata of a file; undefined when it holds none, or when the signal has aborted. */
  metaOf(file: number): Promise<SessionMeta | undefined>;
  /** As many files were read as may be when the whole index is lost and every file is in doubt. */
  readonly hasReadEnough: boolean;
}

export interface KnownInput {
  readonly files: Files;
  readonly home: string;
  readonly active: RolloutList;
  readonly archived: RolloutList;
  readonly signal: AbortSignal;
}

/** Newest first; of the rest the names must do. So many are remembered as well, which a second look never exceeds by much. */
const MAX_METAS = 2_000;
/** Between two turns of the event loop: some 5 ms of reads. */
const METAS_PER_TURN = 50;

export function knownFiles({ files, home, active, archived, signal }: KnownInput): Known {
  const metas = new Map<number, SessionMeta | undefined>();
  let read = 0;
  const isActive = (file: number): boolean => file < active.length;
  const nameOf = (file: number): string =>
    isActive(file) ? active.paths.pathAt(file) : archived.paths.pathAt(file - active.length);
  const pathOf = (file: number): string => `${home}/${nameOf(file)}`;
  return {
    count: active.length + archived.length,
    isArchived: (file) => !isActive(file),
    placeOf: (file) => plainName(nameOf(file)),
    pathOf,
    nameIdOf: (file) =>
      isActive(file) ? active.paths.idAt(file) : archived.paths.idAt(file - active.length),
    get hasReadEnough() {
      return read >= MAX_METAS;
    },
    async metaOf(file) {
      if (metas.has(file) || signal.aborted) return metas.get(file);
      if (read % METAS_PER_TURN === 0) await setImmediate();
      read += 1;
      const header = await readSessionMeta(files, pathOf(file), 'lineage');
      const meta = header.kind === 'meta' ? header.meta : undefined;
      if (metas.size < MAX_METAS) metas.set(file, meta);
      return meta;
    },
  };
}
