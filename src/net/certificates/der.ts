const LONG_FORM = 0x80;
const HEADER_BYTES = 2;
/** Four bytes tell lengths up to 4 GiB. */
const MAX_LENGTH_BYTES = 4;

/**
 * The first DER object of some bytes, header included, or undefined when its length is indefinite or goes beyond the
 * end (X.690, section 8.1.3). OpenSSL writes trust data behind the certificate of a `TRUSTED CERTIFICATE` block.
 */
export function firstDerObject(bytes: Uint8Array): Uint8Array | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  const lengthBytes = first < LONG_FORM ? 0 : first - LONG_FORM;
  const isIndefinite = first === LONG_FORM;
  if (isIndefinite || lengthBytes > MAX_LENGTH_BYTES || bytes.length < HEADER_BYTES + lengthBytes)
    return undefined;
  const length =
    first < LONG_FORM
      ? first
      : bytes
          .subarray(HEADER_BYTES, HEADER_BYTES + lengthBytes)
          .reduce((total, byte) => total * 256 + byte, 0);
  const end = HEADER_BYTES + lengthBytes + length;
  return end <= bytes.length ? bytes.subarray(0, end) : undefined;
}
