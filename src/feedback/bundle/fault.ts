/** Why a file is no bundle that can be used, in a few words. */
export class BundleFault extends Error {
  override readonly name = 'BundleFault';
}
