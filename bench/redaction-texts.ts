import { readdir, readFile } from 'node:fs/promises';
import { sampleEncodedSecrets } from '../fixtures/encoded-secrets.ts';
import type { RedactionFormat } from '../src/redact/stream.ts';

export interface RedactionText {
  readonly name: string;
  readonly text: string;
  readonly format: RedactionFormat;
}

const LENGTH = 2_000_000;
const OUTPUT_LENGTH = 2_500;

/** A log as the agent writes it: spans, addresses, identifiers, numbers, no line like the other. */
function logOf(line: (index: number) => string): string {
  const lines: string[] = [];
  for (let length = 0, index = 0; length < LENGTH; index += 1) {
    const text = line(index);
    lines.push(text);
    length += text.length;
  }
  return lines.join('');
}

const hex = (index: number, length: number): string =>
  Array.from({ length: Math.ceil(length / 8) }, (_, part) =>
    (Math.imul(index + 1, 2_654_435_761 + part * 40_503) >>> 0).toString(16).padStart(8, '0'),
  )
    .join('')
    .slice(0, length);

const WORDS = [
  'POST https://api.openai.com/v1/responses status=200',
  'stream event response.output_text.delta',
  'turn completed input_tokens=12345 output_tokens=678',
  'exec_command "cargo test -p codex-core" exit_code=0',
  'connected to mcp server "docs" in 87ms',
  'compacting history: 182 items, 91234 tokens',
  'apply_patch: src/net/proxy/decide.ts +12 -3',
];

const logLine = (index: number): string =>
  `2026-01-02T03:${`${index % 60}`.padStart(2, '0')}:05.${index}Z  INFO session_loop{thread_id=0199a213-81c0-7800-8aa1-${hex(index, 12)}}:` +
  `turn{model=gpt-5.5-codex turn.id=${index}}: codex_core::client: ${WORDS[index % WORDS.length]} request_id=req_${hex(index, 32)}\n`;

async function sources(folders: readonly string[], extension: RegExp): Promise<string> {
  const texts = folders.map(async (folder) => {
    const files = (await readdir(folder, { recursive: true }))
      .filter((file) => extension.test(file))
      .toSorted();
    return Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  });
  return (await Promise.all(texts)).flat().join('\n').slice(0, LENGTH);
}

const rolloutLine = (output: string, index: number): string =>
  `${JSON.stringify({
    timestamp: new Date(1_767_322_985_000 + index * 1_000).toISOString(),
    type: 'response_item',
    payload: { type: 'function_call_output', call_id: `call_${hex(index, 24)}`, output },
  })}\n`;

/** Of dependencies, without those that carry a program in base64, which are a text of their own. */
const ORDINARY = [
  ...'api core dispatcher handler interceptor mock util web'
    .split(' ')
    .map((name) => `node_modules/undici/lib/${name}`),
  'node_modules/markdown-it/lib',
];

/** What programs may have put out, piece by piece. */
const outputsOf = (text: string): readonly string[] =>
  text.match(new RegExp(`[^]{1,${OUTPUT_LENGTH}}`, 'g')) ?? [];

/** Texts as they stand in bundles, with secrets and without. */
export async function redactionTexts(): Promise<RedactionText[]> {
  // Our own sources are about secrets, so that few texts are as full of what looks like one.
  const code = await sources(['src'], /\.ts$/);
  const ordinaryCode = await sources(ORDINARY, /\.m?js$/);
  const outputs = outputsOf(code);
  const rollout = outputs.map(rolloutLine).join('');
  const secrets = sampleEncodedSecrets(800);
  const secret = (setting: string, index: number): string => {
    const some = secrets.filter((sample) => sample.setting === setting);
    return some[index % some.length]?.text ?? '';
  };
  /** As many as in a session where an environment was printed now and then. */
  const RARE = 50;
  return [
    { name: 'log', text: logOf(logLine), format: 'text' },
    {
      name: 'log with secrets',
      text: logOf((index) => logLine(index) + (index % RARE === 0 ? secret('log', index / RARE) : '')),
      format: 'text',
    },
    { name: 'log of little else than secrets', text: logOf((index) => secret('log', index)), format: 'text' },
    { name: 'rollout', text: rollout, format: 'jsonl' },
    {
      name: 'rollout with secrets',
      text: outputs
        .map(
          (output, index) =>
            rolloutLine(output, index) + (index % 10 === 0 ? secret('rollout', index / 10) : ''),
        )
        .join(''),
      format: 'jsonl',
    },
    { name: 'source code', text: code, format: 'text' },
    { name: 'ordinary source code', text: ordinaryCode, format: 'text' },
    {
      name: 'rollout of ordinary code',
      text: outputsOf(ordinaryCode).map(rolloutLine).join(''),
      format: 'jsonl',
    },
    {
      name: 'programs in base64',
      text: await sources(['node_modules/undici/lib/llhttp'], /-wasm\.js$/),
      format: 'text',
    },
  ];
}
