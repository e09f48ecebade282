import type { RequestAuth, ModelProvider } from '../../provider/provider.ts';

/** As the agent compresses; higher levels cost far more time than they save. */
const LEVEL = 3;
/** Only the provider of this name is known to take it (trap 26). */
const COMPRESSING_PROVIDER = 'OpenAI';

/** Whether a request body is compressed (spec/transport.md 1.1). `isEnabled`: the feature `enable_request_compression`. */
export const isCompressed = (
  { name }: Pick<ModelProvider, 'name'>,
  { usesChatgptBackend }: Pick<RequestAuth, 'usesChatgptBackend'>,
  { isEnabled }: { readonly isEnabled: boolean },
): boolean => isEnabled && usesChatgptBackend && name === COMPRESSING_PROVIDER;

/** Zstandard, off the main thread. */
export function compress(body: Uint8Array): Promise<Uint8Array> {
  const { constants, zstdCompress } = process.getBuiltinModule('node:zlib');
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
  return new Promise((resolve, reject) => {
    zstdCompress(body, { params }, (error, compressed) => (error ? reject(error) : resolve(compressed)));
  });
}
