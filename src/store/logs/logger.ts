export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Text that stands in the log as it is: an id, or a word of ours. */
export interface Bare {
  readonly bare: string;
}

export const bare = (text: string): Bare => ({ bare: text });

/** Strings stand in quotes in the log; wrap what is an id or a word of ours with `bare`. */
export type LogFields = Readonly<Record<string, string | number | boolean | bigint | Bare | undefined>>;

/**
 * Where the core says what it does. A logger inside a span puts the span before every line
 * (spec/observability.md 2.2). Never waits and never throws; what does not fit is dropped and counted.
 */
export interface Logger {
  /** A logger whose lines stand inside a further span; `thread_id` among the fields makes the lines that thread's. */
  span(name: string, fields?: LogFields): Logger;
  /** The same place under another target: who speaks is somebody else. */
  under(target: string): Logger;
  /** @param message may be empty where the fields say everything */
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** Everything logged so far is in the database, or counted as lost. */
  flush(): Promise<void>;
}
