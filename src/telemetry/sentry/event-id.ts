/** How Sentry spells the id of an event: 32 hexadecimal digits. */
export const EVENT_ID = /^[0-9a-f]{32}$/;

/** The id of an event from a UUID. */
export const eventIdOf = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();
