import { readFile, writeFile } from 'node:fs/promises';
import wabt from 'wabt';

/** Translates `src/redact/scan/scan.wat` into the module beside it; a test holds that both are the same. */
const FOLDER = 'src/redact/scan';

const translator = await wabt();
const { buffer } = translator
  .parseWat('scan.wat', await readFile(`${FOLDER}/scan.wat`, 'utf8'), {
    simd: true,
  })
  .toBinary({});
await writeFile(
  `${FOLDER}/program.ts`,
  `/** \`scan.wat\`, translated by \`scripts/build-scan.ts\`. */
export const SCAN_PROGRAM =
  '${Buffer.from(buffer).toString('base64')}';
`,
);
