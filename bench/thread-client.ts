// The whole way in bench/transport.ts: a turn of a thread with one subscriber, over server-sent events.
import { openThread } from './bench-thread.ts';
import { serveClients } from './client-process.ts';

serveClients({ thread: (baseUrl) => openThread(baseUrl) });
