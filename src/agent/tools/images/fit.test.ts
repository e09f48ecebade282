import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { fitImage } from './fit.ts';

/** A picture with something in it. */
const picture = ({ width, height }: { width: number; height: number }): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#334455' } }).composite([
    {
      input: { create: { width: Math.ceil(width / 2), height: 1, channels: 3, background: '#ffffff' } },
      left: 0,
      top: 0,
    },
  ]);
const large = (): Sharp => picture({ width: 2400, height: 1800 });
const sizeOf = async (
  bytes: Buffer | undefined,
): Promise<{ width: number; height: number; format: string }> => {
  const { width, height, format } = await sharp(bytes).metadata();
  return { width, height, format };
};

describe('fit', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('a %s that is small enough keeps its bytes', async (format) => {
    const bytes = await picture({ width: 2048, height: 10 }).toFormat(format).toBuffer();
    expect(await fitImage(bytes, 'fit')).toEqual({ mediaType: `image/${format}`, bytes });
  });

  test.each(['png', 'jpeg', 'webp'] as const)(
    'a larger %s becomes smaller in its own format',
    async (format) => {
      const image = await fitImage(await large().toFormat(format).toBuffer(), 'fit');
      expect(image?.mediaType).toBe(`image/${format}`);
      expect(await sizeOf(image?.bytes)).toEqual({ width: 2048, height: 1536, format });
    },
  );

  test('a narrow image keeps its shape', async () => {
    const image = await fitImage(await picture({ width: 10, height: 4096 }).png().toBuffer(), 'fit');
    expect(await sizeOf(image?.bytes)).toMatchObject({ width: 5, height: 2048 });
  });

  test('a GIF becomes a PNG of the same size', async () => {
    const gif = await picture({ width: 20, height: 10 }).gif().toBuffer();
    for (const mode of ['fit', 'original'] as const) {
      const image = await fitImage(gif, mode);
      expect(image?.mediaType).toBe('image/png');
      expect(await sizeOf(image?.bytes)).toEqual({ width: 20, height: 10, format: 'png' });
    }
  });

  test('a photograph that lies on its side is put upright when its metadata are lost', async () => {
    const sideways = await large().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await sizeOf((await fitImage(sideways, 'fit'))?.bytes)).toMatchObject({
      width: 1536,
      height: 2048,
    });
  });
});

test.each(['png', 'jpeg', 'webp'] as const)('original keeps the bytes of a large %s', async (format) => {
  const bytes = await large().toFormat(format).toBuffer();
  expect((await fitImage(bytes, 'original'))?.bytes.equals(bytes)).toBe(true);
});

describe('what is no image', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    [
      'a drawing that could name other files',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['a signature alone', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['a document', Buffer.from('%PDF-1.7\n')],
  ])('%s', async (_case, bytes) => {
    expect(await fitImage(bytes, 'fit')).toBeUndefined();
    expect(await fitImage(bytes, 'original')).toBeUndefined();
  });

  test.each(['png', 'jpeg', 'webp'] as const)('half of a %s', async (format) => {
    const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, index) => (index * 7919) % 251));
    const bytes = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    expect(await fitImage(bytes.subarray(0, bytes.length / 2), 'original')).toBeUndefined();
    expect(await fitImage(bytes, 'original')).toBeDefined();
  });

  test('a bomb: a header that claims more pixels than any memory holds', async () => {
    const bytes = await picture({ width: 8, height: 8 }).png().toBuffer();
    // Width and height stand behind the signature and the head of the first chunk.
    bytes.writeUInt32BE(50_000, 16);
    bytes.writeUInt32BE(50_000, 20);
    // The rest is as it should be: the checksum behind the chunk holds.
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(sharp(bytes).metadata()).rejects.toThrow(/pixel limit/);
    expect(await fitImage(bytes, 'fit')).toBeUndefined();
    expect(await fitImage(bytes, 'original')).toBeUndefined();
  });
});
