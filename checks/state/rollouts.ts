import { conclude, defineCheck, idle, skip, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import { formatCount, formatNumber } from '../../src/host/units.ts';
import { CONTENT_FAULTS, examineContents } from '../../src/store/rollouts/examine.ts';
import type { ContentFault, ContentFindings } from '../../src/store/rollouts/examine.ts';
import { lengthOf } from '../../src/store/rollouts/files.ts';
import type { Tally } from '../../src/store/rollouts/tally.ts';
import type { RolloutTree } from '../../src/store/rollouts/walk.ts';

export default defineCheck({
  id: 'state.rollouts',
  section: 'Environment',
  category: 'sessions',
  title: 'Session files can be read and hold what the agent writes',
  // A default run takes milliseconds; `--deep` reads every session file.
  budgetMs: 120_000,
  async probe(context) {
    const { target, files, options, signal } = context;
    const { active, archived } = await target.rollouts(signal);
    const lists = [active.files, archived.files];
    if (options.deep) context.waitingFor(`${lengthOf(lists)} session files`);
    const home = target.home.path;
    const contents = await examineContents(files, home, lists, { everything: options.deep, signal });
    return { home, agent: target.home.profile.name, folders: [active, archived].map(withoutFiles), contents };
  },
  judge({ home, agent, folders, contents }) {
    if (folders.some(({ state }) => state.kind !== 'read' && state.kind !== 'missing'))
      return skip({ because: 'state.paths', summary: 'the session folders cannot be listed' });
    const issues = [
      ...folders.flatMap((folder) => folderIssues(folder, home, agent)),
      ...CONTENT_FAULTS.flatMap((fault) => contentIssue(fault, contents, agent)),
    ];
    const details = {
      'session files': contents.files,
      'files examined': contents.examined,
      'files read completely': contents.whole,
      'bytes read': contents.bytesRead,
      'being written': contents.beingWritten,
      'old format': contents.oldFormat || undefined,
      ...Object.fromEntries(
        folders.flatMap(({ folder, links, brokenLinks, wrongTypes, unreadable, otherFiles }) => [
          [`${folder} links`, links.count ? links.sample : undefined],
          [`${folder} broken links`, brokenLinks.count ? brokenLinks.sample : undefined],
          [`${folder} wrong types`, wrongTypes.count ? wrongTypes.sample : undefined],
          [`${folder} unreadable`, unreadable.count ? unreadable.sample : undefined],
          [`${folder} other files`, otherFiles || undefined],
        ]),
      ),
      ...Object.fromEntries(
        CONTENT_FAULTS.map((fault) => [
          CONTENT[fault].label,
          contents.faults[fault].count ? contents.faults[fault].sample : undefined,
        ]),
      ),
    };
    if (issues.length === 0 && contents.files === 0)
      return idle({ summary: 'no sessions yet', details: { 'session files': 0 } });
    const { files, examined } = contents;
    return conclude({
      summary:
        examined === files
          ? `${formatCount(files, 'session file')} sound`
          : `sample of ${examined} of ${formatNumber(files)} session files sound`,
      details,
      issues,
    });
  },
});

type Folder = Omit<RolloutTree, 'files'>;

function withoutFiles(tree: RolloutTree): Folder {
  const { files: _, ...folder } = tree;
  return folder;
}

const SKIPPED_LINE =
  'skips such a line, so a part of the conversation is missing. Restore the file from a backup, or delete the line after copying the file aside.';

const CONTENT: Readonly<
  Record<
    ContentFault,
    {
      /** In the details. */
      readonly label: string;
      readonly class: 'malformed' | 'mismatch' | 'missing' | 'unreadable';
      /** Stands before `3 of 48 examined session files`. */
      readonly what: string;
      readonly expected: string;
      /** The agent's name stands before it. */
      readonly remedy: string;
    }
  >
> = {
  not_json: {
    label: 'lines that are not JSON',
    class: 'malformed',
    what: 'lines that are not JSON in',
    expected: 'one JSON object per line',
    remedy: SKIPPED_LINE,
  },
  nul_bytes: {
    label: 'lines with NUL bytes',
    class: 'malformed',
    what: 'NUL bytes, as a power failure or a full disk leaves them, in',
    expected: 'one JSON object per line',
    remedy: SKIPPED_LINE,
  },
  invalid_utf8: {
    label: 'lines that are not UTF-8',
    class: 'malformed',
    what: 'bytes that are not UTF-8 in',
    expected: 'UTF-8 text',
    remedy:
      'may stop reading there. Restore the file from a backup, or delete the line after copying the file aside.',
  },
  not_a_record: {
    label: 'lines that are not records',
    class: 'malformed',
    what: 'lines that are JSON but no records in',
    expected: 'one JSON object per line',
    remedy: SKIPPED_LINE,
  },
  too_long: {
    label: 'lines that are too long',
    class: 'malformed',
    what: 'a line longer than any record in',
    expected: 'a line end after each record',
    remedy:
      'has to hold such a line in memory to open the session. Move the file out of the home if the session is not needed.',
  },
  unfinished: {
    label: 'unfinished last lines',
    class: 'malformed',
    what: 'a last record cut off in',
    expected: 'a last line that is complete',
    remedy:
      'lost the record that it was writing when it ended; the rest of the session can be resumed as it is.',
  },
  empty: {
    label: 'empty files',
    class: 'malformed',
    what: 'nothing at all in',
    expected: 'a first line with the session’s metadata',
    remedy: 'cannot list or resume such a session. Restore the file from a backup or delete it.',
  },
  no_session_meta: {
    label: 'files without session metadata',
    class: 'malformed',
    what: 'no session metadata at the beginning of',
    expected: 'a first record of type session_meta',
    remedy: 'cannot resume such a session. Restore the file from a backup, or move it out of the home.',
  },
  id_mismatch: {
    label: 'file names with another id',
    class: 'mismatch',
    what: 'another thread than the name says in',
    expected: 'the same id in the name and in the first record',
    remedy:
      'goes by the id inside, so the named thread cannot be found. Undo the copying or renaming that led to this.',
  },
  base_missing: {
    label: 'files whose history is missing',
    class: 'missing',
    what: 'the history that they continue is gone or cut off for',
    expected: 'the session file of the thread that is continued, at least as long as it was then',
    remedy:
      'cannot resume such a session (“missing source rollout”). Restore the session file of the thread that it continues.',
  },
  unpack: {
    label: 'files that do not unpack',
    class: 'malformed',
    what: 'damaged compression in',
    expected: 'a complete zstd stream',
    remedy:
      'cannot open such a session. Restore the file from a backup; what `zstd -dc` still prints of it is sound.',
  },
  unreadable: {
    label: 'unreadable files',
    class: 'unreadable',
    what: 'no access to',
    expected: 'files that this account may read',
    remedy:
      'cannot open such a session. Give this account back the right to read the file, or check the disk.',
  },
};

function contentIssue(
  fault: ContentFault,
  { faults, examined }: ContentFindings,
  agent: string,
): VerdictIssue[] {
  const { count: number, sample } = faults[fault];
  if (number === 0) return [];
  const { class: failureClass, label, what, expected, remedy } = CONTENT[fault];
  return [
    warn({
      class: failureClass,
      cause: `${what} ${number} of ${formatCount(examined, 'examined session file')}`,
      measured: list({ count: number, sample }),
      expected,
      remedy: `${agent} ${remedy}`,
      fields: [label],
    }),
  ];
}

function folderIssues(folder: Folder, home: string, agent: string): VerdictIssue[] {
  const { links, brokenLinks, wrongTypes, unreadable } = folder;
  const place = (tally: Tally): string => `${formatCount(tally.count, 'place')} below ${folder.folder}`;
  return [
    ...belowIssue(unreadable, `${folder.folder} unreadable`, {
      class: 'unreadable',
      cause: `${place(unreadable)} cannot be read, so sessions may be missing from every list`,
      expected: 'folders and files that this account may read',
      remedy: 'Give this account back the right to read them, or check the disk.',
    }),
    ...belowIssue(brokenLinks, `${folder.folder} broken links`, {
      class: 'missing',
      cause: `A link leads nowhere at ${place(brokenLinks)}`,
      expected: 'real folders and files',
      remedy: 'Put the session file back in the link’s place, or delete the link.',
    }),
    ...belowIssue(wrongTypes, `${folder.folder} wrong types`, {
      class: 'wrong_type',
      cause: `Something other than a folder or a session file stands at ${place(wrongTypes)}`,
      expected: 'only folders by date and session files',
      remedy: 'Move what is in the way out of the home.',
    }),
    ...belowIssue(links, `${folder.folder} links`, {
      class: 'wrong_type',
      cause: `${agent} does not follow the links at ${place(links)}, so sessions behind them are not listed`,
      expected: 'real folders and files',
      remedy: `Put the folder or file itself in the link’s place; only ${home}/${folder.folder} as a whole may be a link.`,
    }),
  ];
}

function belowIssue(
  tally: Tally,
  field: string,
  issue: Omit<Parameters<typeof warn>[0], 'measured' | 'fields'>,
): VerdictIssue[] {
  return tally.count === 0 ? [] : [warn({ ...issue, measured: list(tally), fields: [field] })];
}

const list = ({ count: number, sample }: Tally): string =>
  number > sample.length ? `${sample.join('; ')}; and ${number - sample.length} more` : sample.join('; ');
