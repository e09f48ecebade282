import type { Socket } from 'node:net';
import { MAX_HEAD_BYTES } from '../http/observe.ts';

const END_OF_HEAD = '\r\n\r\n';

export interface AnswerHead {
  /** Bytes of an answer so far, its body included. */
  readonly receivedBytes: number;
  stop(): void;
}

/**
 * Reads along with Node's HTTP parser, which swallows a 101 that it does not take for an upgrade and then waits for an
 * answer that will never come.
 * @param onSwitch called after the parser has had an answer 101, with what it would miss there
 */
export function watchAnswerHead(socket: Socket, onSwitch: (problem: string) => void): AnswerHead {
  let receivedBytes = 0;
  let unread: string | undefined = '';
  const onData = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (unread === undefined) return;
    unread += chunk.toString('latin1');
    let end = unread.indexOf(END_OF_HEAD);
    while (end !== -1) {
      const head: string = unread.slice(0, end + 2);
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      if (status === '101') onSwitch(problemOfSwitch(head));
      // Answers such as 103 come before the real one.
      const isInterim = status?.startsWith('1') && status !== '101';
      unread = isInterim ? unread.slice(end + END_OF_HEAD.length) : undefined;
      if (unread === undefined) return;
      end = unread.indexOf(END_OF_HEAD);
    }
    if (unread.length > MAX_HEAD_BYTES) unread = undefined;
  };
  socket.on('data', onData);
  return {
    get receivedBytes() {
      return receivedBytes;
    },
    stop: () => socket.removeListener('data', onData),
  };
}

/** Why the parser may not have taken a 101 for an upgrade: it wants both headers. */
function problemOfSwitch(head: string): string {
  return /^upgrade:/im.test(head)
    ? 'the answer 101 has no header Connection: Upgrade'
    : 'the answer 101 has no Upgrade header';
}
