import type { Metadata, Sharp } from 'sharp';

/** As the API names them. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp';

/** An image as it is sent. */
export interface FittedImage {
  readonly mediaType: ImageType;
  readonly bytes: Buffer;
}

/** `fit`: no side longer than 2048 pixels. `original`: every pixel. */
export type FitMode = 'fit' | 'original';

/** Models scale larger images down themselves. */
const MAX_SIDE_PIXELS = 2048;
const JPEG_QUALITY = 85;
/** A camera's largest; a bomb of a few kilobytes claims thousands of times as much and would take all memory. */
const MAX_INPUT_PIXELS = 200_000_000;
/** A large photograph takes two seconds on a slow machine. */
const MAX_SECONDS = 30;
/** Small enough to cost nothing, and all of the image is decoded for it. */
const TRIAL_SIDE_PIXELS = 8;

type Format = 'png' | 'jpeg' | 'webp' | 'gif';

/** First bytes. The library knows many more formats, some of which read other files; these are what models see. */
const SIGNATURES: readonly (readonly [Format, RegExp])[] = [
  ['png', /^\x89PNG\r\n/],
  ['jpeg', /^\xFF\xD8\xFF/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[^]{4}WEBP/],
];

/**
 * Makes an image fit for a model (spec/agent-core.md 2.4): bytes that are good already stay untouched; a GIF becomes a PNG
 * of its first picture; what is too large becomes smaller in its own format. Undefined when it cannot be decoded.
 */
export async function fitImage(bytes: Buffer, mode: FitMode): Promise<FittedImage | undefined> {
  const format = formatOf(bytes);
  if (format === undefined) return undefined;
  const { default: sharp } = await import('sharp');
  const open = (): Sharp =>
    sharp(bytes, { failOn: 'error', limitInputPixels: MAX_INPUT_PIXELS, sequentialRead: true }).timeout({
      seconds: MAX_SECONDS,
    });
  try {
    const isSmall = fits(await open().metadata());
    const staysAsItIs = format !== 'gif' && (mode === 'original' || isSmall);
    if (staysAsItIs) {
      await open().resize(TRIAL_SIDE_PIXELS, TRIAL_SIDE_PIXELS).raw().toBuffer();
      return { mediaType: `image/${format}`, bytes };
    }
    // Which side is up stands in the metadata, which do not survive.
    const upright = open().autoOrient();
    const sized =
      mode === 'original' || isSmall
        ? upright
        : upright.resize({ width: MAX_SIDE_PIXELS, height: MAX_SIDE_PIXELS, fit: 'inside' });
    return await encoded(sized, format);
  } catch {
    // The library says why in words about its own parts; for the model it is all the same.
    return undefined;
  }
}

function formatOf(bytes: Buffer): Format | undefined {
  const head = bytes.toString('latin1', 0, 16);
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0];
}

const fits = ({ width, height }: Metadata): boolean => width <= MAX_SIDE_PIXELS && height <= MAX_SIDE_PIXELS;

async function encoded(image: Sharp, format: Format): Promise<FittedImage> {
  switch (format) {
    case 'jpeg':
      return { mediaType: 'image/jpeg', bytes: await image.jpeg({ quality: JPEG_QUALITY }).toBuffer() };
    case 'webp':
      return { mediaType: 'image/webp', bytes: await image.webp({ lossless: true }).toBuffer() };
    case 'png':
    case 'gif':
      return { mediaType: 'image/png', bytes: await image.png().toBuffer() };
  }
}
