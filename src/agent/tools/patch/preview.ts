import { resolve } from 'node:path';
import type { Clock } from '../../../host/clock.ts';
import type { EventMsg } from '../../protocol/event.ts';
import type { FileChange } from '../../protocol/turn-item.ts';
import { parsePartialPatch } from './parse.ts';
import type { Chunk, Hunk } from './patch.ts';

/** Each look reads all that came so far, and nobody sees more than this. */
const UPDATE_INTERVAL_MS = 500;
const SIGNS = { keep: ' ', add: '+', remove: '-' } as const;

/** What can be told of a patch while the model still writes it. */
export interface PatchPreview {
  /** Takes what came; tells `patch_apply_updated` when something new can be told and the last time is long enough ago. */
  push(delta: string): void;
}

export interface PatchPreviewOptions {
  readonly callId: string;
  readonly cwd: string;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly emit: (msg: EventMsg) => void;
}

/** Of one call of the freeform tool; made only behind the feature `apply_patch_streaming_events`. */
export function createPatchPreview({ callId, cwd, clock, emit }: PatchPreviewOptions): PatchPreview {
  let text = '';
  let toldAt: number | undefined;
  let told = '[]';
  return {
    push(delta) {
      text += delta;
      const now = clock.elapsed();
      if (toldAt !== undefined && now - toldAt < UPDATE_INTERVAL_MS) return;
      const changes = parsePartialPatch(text).map((hunk) => changeOf(hunk, cwd));
      const shown = JSON.stringify(changes);
      if (shown === told) return;
      told = shown;
      toldAt = now;
      emit({ type: 'patch_apply_updated', call_id: callId, changes });
    },
  };
}

/** No file is looked at, so the difference has no line numbers. */
function changeOf(hunk: Hunk, cwd: string): FileChange {
  const path = resolve(cwd, hunk.path);
  if (hunk.kind === 'add') return { path, kind: 'add', diff: hunk.text };
  if (hunk.kind === 'delete') return { path, kind: 'delete', diff: '' };
  const moved = hunk.movedTo === undefined ? {} : { movedTo: resolve(cwd, hunk.movedTo) };
  return { path, kind: 'update', ...moved, diff: hunk.chunks.map(chunkText).join('') };
}

function chunkText({ context, lines }: Chunk): string {
  const header = context === undefined ? '@@' : `@@ ${context}`;
  return [header, ...lines.map(({ kind, text }) => SIGNS[kind] + text)].map((line) => `${line}\n`).join('');
}
