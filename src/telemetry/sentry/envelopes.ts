import type { Event } from '@sentry/node';
import { once } from '../../host/once.ts';

/** What the SDK makes of an event: the header of its envelope, and the event with the SDK's own facts. */
export interface SdkEnvelope {
  readonly header: Readonly<Record<string, unknown>>;
  readonly itemHeader: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

const load = once(async () => import('@sentry/node'));

/** The SDK asks for one before it makes an envelope. Where that goes is for `postEnvelope`; the SDK never sees the real key. */
const NO_DSN = 'https://none@localhost/0';

/**
 * Has the SDK make envelopes, with a client of our own that lives as long as this call: no `Sentry.init`, no integration, no
 * scope and no default of its process takes part, and nothing that the SDK gathers by itself is in them (no server name, no
 * user, no address). Only events that are complete go in, so `sendEvent` is asked and not `captureEvent`, which would read
 * the scopes of whatever else uses Sentry in this process.
 */
export async function makeEnvelopes(events: readonly Event[]): Promise<readonly SdkEnvelope[]> {
  const { NodeClient } = await load();
  const made: SdkEnvelope[] = [];
  const client = new NodeClient({
    dsn: NO_DSN,
    integrations: [],
    stackParser: () => [],
    includeServerName: false,
    sendClientReports: false,
    enableRuntimeChannelInjection: false,
    transport: () => ({
      send: async ([header, items]) => {
        for (const [itemHeader, payload] of items)
          made.push({
            header: { ...header },
            itemHeader: { ...itemHeader },
            payload: JSON.stringify(payload),
          });
        return {};
      },
      flush: async () => true,
    }),
  });
  try {
    for (const event of events) client.sendEvent(event);
  } finally {
    // Its constructor listens for the end of the process.
    await client.close();
  }
  return made;
}
