// Entry of the process that looks names up: questions come and answers go over the channel to whoever started it.
import { errorCode } from '../../host/files.ts';
import { systemLookup } from './lookup.ts';
import type { Message, Question } from './lookup-process.ts';

const tell = (message: Message): void => void process.send?.(message);

process.on('message', ({ id, host, family }: Question) => {
  systemLookup(host, family).then(
    (addresses) => tell({ kind: 'found', id, addresses }),
    (error: unknown) => tell({ kind: 'failed', id, code: errorCode(error) }),
  );
});
// Whoever asked is gone. An ordinary exit would wait for every look-up that hangs.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
tell({ kind: 'ready' });
