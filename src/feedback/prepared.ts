import type { SentryReport } from '../telemetry/sentry/report.ts';
import type { ItemKind, Omission, StagedItem } from './item.ts';

/** What a user wants to say. */
export interface FeedbackRequest {
  /** One of `CLASSIFICATIONS`; any other is shown as "Other". */
  readonly classification: string;
  /** In the user's words; blank is none. */
  readonly message?: string | undefined;
  /** Beside those that are found; they win over what the doctor says and what the log holds. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What is gathered. Nothing but these is opened. */
  readonly collect: ReadonlySet<ItemKind>;
  /** Further files by their paths, which the user named. */
  readonly extraFiles?: readonly string[];
  /** Folder of a rollout trace, which the user named. */
  readonly trace?: string | undefined;
  /** Nothing is hidden, as the user asked: for a bundle that stays on this machine, never for sending. */
  readonly isUnredacted?: boolean;
}

/**
 * Feedback as it will leave this machine, to the byte: what is shown is what is sent. Everything was redacted, and stands in a
 * private folder until `remove` is called.
 */
export interface PreparedFeedback {
  /** 32 hexadecimal digits. By this id the report is found, and deleted. */
  readonly eventId: string;
  /** Of the session it is about, or `no-active-thread-<uuid>`. */
  readonly threadId: string;
  readonly title: string;
  readonly classification: string;
  /** In the order in which they are sent. */
  readonly items: readonly StagedItem[];
  readonly omitted: readonly Omission[];
  /** What was hidden in the words and tags of the report itself. */
  readonly hiddenInReport: StagedItem['hidden'];
  /** @param items those that the user agreed to; nothing else is in it */
  reportWith(items: readonly StagedItem[]): SentryReport;
  /** Removes the private folder. May be called more than once. */
  remove(): void;
}
