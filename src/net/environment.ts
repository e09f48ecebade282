/** Environment variables that steer the network, and where each comes from: the shell, or the `.env` of a home. */
export interface NetworkEnvironment {
  readonly values: Readonly<Record<string, string | undefined>>;
  originOf(name: string): string | undefined;
}
