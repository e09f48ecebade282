import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { threadId } from '../../protocol/ids.ts';
import { measureImage } from './measure.ts';
import { saveGeneratedImage } from './save.ts';

const THREAD = '019a0000-0000-7000-8000-000000000000';
let png: string;
beforeAll(async () => {
  const bytes = await sharp({ create: { width: 64, height: 33, channels: 3, background: '#abc' } })
    .png()
    .toBuffer();
  png = bytes.toString('base64');
});

const save = (home: string, id: string, result = png): string =>
  saveGeneratedImage({ id, result }, { home, threadId: threadId(THREAD) });

test('a picture is kept below the home, for its owner alone', () => {
  const home = temporaryHome();
  const path = save(home, 'ig_123');
  expect(path).toBe(join(home, 'imagegen', THREAD, 'ig_123.png'));
  expect(readFileSync(path).toString('base64')).toBe(png);
  expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
});

test('nothing is overwritten, and no link is followed', () => {
  const home = temporaryHome({ [`imagegen/${THREAD}/a.png`]: 'mine' });
  symlinkSync(join(home, 'elsewhere'), join(home, 'imagegen', THREAD, 'a-2.png'));
  expect(save(home, 'a')).toBe(join(home, 'imagegen', THREAD, 'a-3.png'));
  expect(readFileSync(join(home, 'imagegen', THREAD, 'a.png'), 'utf8')).toBe('mine');
  expect(existsSync(join(home, 'elsewhere'))).toBe(false);
});

test.each([
  ['../../../etc/passwd', '_________etc_passwd.png'],
  ['.hidden', '_hidden.png'],
  ['', '_.png'],
  ['NUL', '_NUL.png'],
  ['a\0b', 'a_b.png'],
  ['x'.repeat(500), `${'x'.repeat(100)}.png`],
])('an id is no path: %j', (id, name) => {
  const home = temporaryHome();
  expect(save(home, id)).toBe(join(home, 'imagegen', THREAD, name));
});

test.each([
  ['no base64', '!!!'],
  ['no picture', Buffer.from('hello').toString('base64')],
  ['nothing', ''],
])('%s is not kept', (_case, result) => {
  const home = temporaryHome();
  expect(() => save(home, 'a', result)).toThrow(/no picture/);
  expect(existsSync(join(home, 'imagegen'))).toBe(false);
});

describe('the pixels of an image', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('of a %s', async (format) => {
    const bytes = await sharp(Buffer.from(png, 'base64')).toFormat(format).toBuffer();
    expect(measureImage(`data:image/${format};base64,${bytes.toString('base64')}`)).toEqual({
      width: 64,
      height: 33,
    });
  });

  test.each(['https://example.com/a.png', 'data:image/png;base64,AAAA', 'data:text/plain,hi', ''])(
    'nobody knows those of %s',
    (url) => {
      expect(measureImage(url)).toBeUndefined();
    },
  );
});
