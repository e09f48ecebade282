import { createRedactor } from '../redact/redactor.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import { eventIdOf } from '../telemetry/sentry/event-id.ts';
import type { SentryReport } from '../telemetry/sentry/report.ts';
import type { Clock } from '../host/clock.ts';
import type { ChosenThread } from './choose-thread.ts';
import { displayOf, levelOf } from './classification.ts';
import { collect, loggedTags } from './collect.ts';
import type { Surroundings } from './collect.ts';
import { hiddenSince } from './hidden-since.ts';
import type { Omission, StagedItem } from './item.ts';
import type { FeedbackRequest, PreparedFeedback } from './prepared.ts';
import { stageItem } from './stage.ts';
import { createStagingFolder } from './staging-folder.ts';
import { mergeTags } from './tags.ts';
import { sourceOf } from './thread-parent.ts';

export interface PrepareMeans extends Surroundings {
  readonly thread: ChosenThread;
  readonly redaction: RedactorOptions;
  readonly clock: Clock;
  /** A new UUID at each call. */
  readonly newId: () => string;
  /** Of stethos. */
  readonly version: string;
  /** Told before each item that may take its time. */
  readonly onProgress?: (name: string) => void;
}

/**
 * Gathers what was asked for and redacts it into a private folder: nothing is sent, and nothing of the examined home changes.
 * @throws the reason of `signal`, after the folder is gone; what the file system throws where no folder can be made
 */
export async function prepareFeedback(
  request: FeedbackRequest,
  means: PrepareMeans,
): Promise<PreparedFeedback> {
  const { thread, profile, redaction, signal } = means;
  const known = idOf(thread);
  const threadId = known ?? `no-active-thread-${means.newId()}`;
  // One for everything, so that the same secret has the same placeholder everywhere.
  const redactor = createRedactor(redaction);
  const folder = createStagingFolder();
  try {
    const [found, snapshot] = await Promise.all([collect(request, known, means), loggedTags(known, means)]);
    const items: StagedItem[] = [];
    const omitted: Omission[] = [...found.omitted];
    for (const source of found.items) {
      signal.throwIfAborted();
      means.onProgress?.(source.name);
      // oxlint-disable-next-line no-await-in-loop -- one stream at a time keeps memory flat
      const staged = await stageItem(source, folder.newFile(), {
        signal,
        redactor: request.isUnredacted ? undefined : redactor,
      });
      if (staged.kind === 'staged') items.push(staged.item);
      else omitted.push(staged.omission);
    }
    const { classification } = request;
    const reason = request.message?.trim() || undefined;
    const meta = thread.kind === 'thread' ? thread.thread.meta : undefined;
    const tags = mergeTags({
      reserved: {
        thread_id: threadId,
        classification,
        cli_version: meta?.cli_version ?? means.version,
        session_source: meta && sourceOf(meta),
        reason,
      },
      client: request.tags ?? {},
      doctor: found.doctorTags,
      snapshot,
    });
    const title = `[${displayOf(classification)}]: ${profile.name} session ${threadId}`;
    const inItems = redactor.ledger();
    const said = request.isUnredacted ? { reason, tags } : redactor.value({ reason, tags });
    const base: Omit<SentryReport, 'attachments'> = {
      eventId: eventIdOf(means.newId()),
      timestampMs: means.clock.now(),
      level: levelOf(classification),
      message: title,
      ...(said.reason !== undefined && { reason: said.reason }),
      feedback: { message: said.reason ?? title, source: 'stethos-feedback' },
      release: `stethos@${means.version}`,
      environment: 'production',
      tags: said.tags,
      contexts: {
        app: { app_name: 'stethos', app_version: means.version },
        os: { name: process.platform, version: process.arch },
        runtime: { name: 'node', version: process.versions.node },
      },
    };
    return {
      eventId: base.eventId,
      threadId,
      title,
      classification,
      items,
      omitted: request.isUnredacted ? omitted : redactor.value(omitted),
      hiddenInReport: hiddenSince(inItems, redactor.ledger()),
      reportWith: (chosen) => ({
        ...base,
        attachments: chosen.map(({ name, contentType, path, bytes, sha256 }) => ({
          filename: name,
          contentType,
          path,
          bytes,
          sha256,
        })),
      }),
      remove: () => folder.remove(),
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function idOf(thread: ChosenThread): string | undefined {
  if (thread.kind === 'thread') return thread.thread.id;
  return thread.kind === 'id_only' ? thread.id : undefined;
}
