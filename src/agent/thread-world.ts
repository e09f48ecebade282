import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../store/logs/logger.ts';
import type { Sandbox } from './policy/sandbox.ts';
import { threadLog } from './logging/thread-log.ts';
import type { ThreadTags } from './logging/thread-log.ts';
import type { IdSource } from './protocol/ids.ts';
import type { World } from './thread/core.ts';
import type { LookAtWorkspaces } from './thread/workspaces.ts';
import type { Tell } from './listening/tell.ts';
import { createLocalImages } from './tools/images/attach.ts';
import type { ImageLoader } from './tools/images/load.ts';
import { measureImage } from './tools/images/measure.ts';
import { saveGeneratedImage } from './tools/images/save.ts';
import type { ImageFolder } from './tools/images/save.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Absolute. */
  readonly shell: string;
  readonly images: ImageLoader;
  readonly folder: ImageFolder;
  /** Absent for a thread that leaves nothing behind. */
  readonly logger: Logger | undefined;
  /** Asked once, where there is a logger. */
  readonly threadTags: () => ThreadTags;
  readonly tell: Tell | undefined;
  readonly sandbox: Pick<Sandbox, 'mechanismFor'>;
  readonly lookAtWorkspaces: LookAtWorkspaces;
}

/** The real world of a thread. */
export function threadWorld(options: WorldOptions): World {
  const { clock, ids, shell, images, folder, logger, sandbox, lookAtWorkspaces } = options;
  const log = logger && threadLog(logger, options.threadTags());
  return {
    clock,
    ids,
    random: Math.random,
    wait: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
    shell: basename(shell),
    loadImage: createLocalImages(images),
    saveImage: async (item) => saveGeneratedImage(item, folder),
    measureImage,
    sandboxName: (policy) => sandbox.mechanismFor(policy),
    lookAtWorkspaces,
    tell: options.tell,
    onEvent: (event) => log?.event(event),
    onTurnEnd: (report) => log?.turnEnd(report),
    onSampling: (turn) => log?.sampling(turn),
    onAnswer: (turn, responseId) => log?.answered(turn, responseId),
  };
}
