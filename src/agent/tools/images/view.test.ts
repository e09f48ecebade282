import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import type { ModelInfo } from '../../model/info.ts';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { createLocalImages } from './attach.ts';
import { createImageLoader } from './load.ts';
import { ORIGINAL_RESOLUTION_FEATURE } from './original.ts';
import { createViewImageTool } from './view.ts';

let large: Buffer;
beforeAll(async () => {
  large = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
});

const loader = createImageLoader();

interface Look {
  readonly cwd: string;
  readonly arguments: object;
  readonly slug?: string;
  readonly feature?: boolean;
  readonly supportsImageInput?: boolean;
  readonly events?: EventMsg[];
}

function look({
  cwd,
  slug = 'gpt-5.3-codex',
  feature = false,
  supportsImageInput = true,
  ...rest
}: Look): Promise<ToolResult> {
  const context: Pick<ToolContext, 'cwd' | 'model' | 'isFeatureOn' | 'emit' | 'turnId'> = {
    cwd,
    turnId: turnId('turn'),
    model: { slug, supportsImageInput } as ModelInfo,
    isFeatureOn: (name) => feature && name === ORIGINAL_RESOLUTION_FEATURE,
    emit: (msg) => {
      rest.events?.push(msg);
    },
  };
  const payload = { kind: 'function', arguments: JSON.stringify(rest.arguments) } as const;
  return createViewImageTool({ loader, offersOriginal: feature }).handle(
    { callId: 'call', name: 'view_image', payload },
    context as ToolContext,
  );
}

const sizeOf = async (url: unknown): Promise<{ width: number; height: number }> => {
  const bytes = Buffer.from(String(url).split(',')[1] ?? '', 'base64');
  const { width, height } = await sharp(bytes).metadata();
  return { width, height };
};

const imageOf = ({ content }: ToolResult): object => (typeof content === 'string' ? {} : (content[0] ?? {}));

describe('how much of an image is sent', () => {
  test.each([
    ['row 27: the flag is off', {}],
    ['row 29: the model is older', { feature: true, slug: 'gpt-5.2-codex' }],
    ['original is asked for, and the flag is off', { arguments: { path: 'a.png', detail: 'original' } }],
    ['high is asked for', { feature: true, arguments: { path: 'a.png', detail: 'high' } }],
  ])('%s: 2048 pixels at most, and no detail', async (_case, options) => {
    const cwd = temporaryHome({ 'a.png': large });
    const image = imageOf(await look({ cwd, arguments: { path: 'a.png' }, ...options }));
    expect(Object.keys(image)).toEqual(['type', 'image_url']);
    expect(await sizeOf('image_url' in image && image.image_url)).toEqual({ width: 2048, height: 1536 });
  });

  test('row 28: the flag is on and the model is new enough: the same bytes, and detail original', async () => {
    const cwd = temporaryHome({ 'a.png': large });
    const result = await look({ cwd, feature: true, arguments: { path: 'a.png' } });
    const image_url = `data:image/png;base64,${readFileSync(join(cwd, 'a.png')).toString('base64')}`;
    expect(result).toEqual({
      content: [{ type: 'input_image', image_url, detail: 'original' }],
      success: true,
      value: { image_url, details: 'original' },
    });
  });

  test('what a user attaches is fitted', async () => {
    const cwd = temporaryHome({ 'a.png': large });
    const item = await createLocalImages(loader)(join(cwd, 'a.png'));
    expect(Object.keys(item)).toEqual(['type', 'image_url']);
    expect(await sizeOf(item.image_url)).toEqual({ width: 2048, height: 1536 });
  });
});

test('tells that an image was looked at', async () => {
  const cwd = temporaryHome({ 'a.png': large });
  const events: EventMsg[] = [];
  await look({ cwd, events, arguments: { path: 'a.png' } });
  expect(events.map(({ type }) => type)).toEqual(['item_started', 'view_image_tool_call', 'item_completed']);
  expect(events[1]).toEqual({ type: 'view_image_tool_call', call_id: 'call', path: join(cwd, 'a.png') });
});

const spec = (offersOriginal: boolean): string =>
  JSON.stringify(createViewImageTool({ loader, offersOriginal }).spec);

describe('what the model is told', () => {
  test.each([
    ['there is nothing', { path: 'none.png' }, /none\.png does not exist/],
    ['there is a folder', { path: 'folder' }, /folder is no file/],
    ['there is a pipe', { path: 'pipe' }, /pipe is no file/],
    ['there is a device', { path: '/dev/zero' }, /is no file/],
    ['there is no image', { path: 'text.png' }, /cannot be decoded/],
    ['there is too much', { path: 'huge.png' }, /is larger than/],
    ['the detail is another one', { path: 'a.png', detail: 'low' }, /detail: .*"high"\|"original"/],
    ['there is no path', {}, /path: /],
    ['no file can have that name', { path: 'a\0.png' }, /NUL/],
  ])('when %s', async (_case, args, message) => {
    const cwd = temporaryHome({ 'a.png': 'x', 'text.png': 'hello', 'huge.png': '' });
    mkdirSync(join(cwd, 'folder'));
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    truncateSync(join(cwd, 'huge.png'), 65 * 1024 * 1024);
    const events: EventMsg[] = [];
    const looking = look({ cwd, events, arguments: args });
    await expect(looking).rejects.toThrow(message);
    await expect(looking).rejects.toMatchObject({ name: 'ToolFailure' });
    expect(events).toEqual([]);
  });

  test('when it takes no images', async () => {
    const cwd = temporaryHome({ 'a.png': large });
    await expect(look({ cwd, supportsImageInput: false, arguments: { path: 'a.png' } })).rejects.toThrow(
      /takes no images/,
    );
  });

  test('guidance and detail come with the original resolution only', () => {
    const [plain, original] = [false, true].map(spec);
    expect(plain).not.toMatch(/JPEG|detail"/);
    expect(original).toMatch(/prefer JPEG at quality 85.*"detail"/);
  });
});

test('an image that changed is read anew, and the same content under another name is not', async () => {
  const small = await sharp(large).resize({ width: 40 }).gif().toBuffer();
  const other = await sharp(large).resize({ width: 20 }).gif().toBuffer();
  const cwd = temporaryHome({ 'a.gif': small, 'b.gif': small, 'c.gif': other });
  const [a, b, c] = await Promise.all(
    ['a', 'b', 'c'].map((name) => loader.load(join(cwd, `${name}.gif`), 'fit')),
  );
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});
