import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { samplePrivateKey, sampleOpaque, sampleSecrets } from '../../fixtures/secrets.ts';
import { createRedactor } from './redactor.ts';

async function reported(content: string): Promise<{ rule: string; secret: string }[]> {
  const { messages } = await lintSource({
    source: { content, filePath: 'sample.txt', ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages.map(({ ruleId, range: [start, end] }) => ({
    rule: ruleId,
    secret: content.slice(start, end),
  }));
}

const FRAMES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `value: "${secret}"`,
  (secret) => `export VALUE=${secret}\n`,
  (secret) => JSON.stringify({ value: secret }),
];

/** Samples that the oracle knows by their name, and some of its own. */
function contextual(seed: number): string[] {
  const opaque = sampleOpaque(seed, 40);
  return [
    `aws_secret_access_key = ${opaque}`,
    `"AWS_SECRET_ACCESS_KEY": "${opaque}"`,
    `AWS_ACCOUNT_ID=1234-5678-9012`,
    `//registry.npmjs.org/:_authToken=${opaque}`,
    `https://${opaque}:x-oauth-basic@github.com/owner/repository.git`,
    `mongodb+srv://app:${opaque}@cluster0.example.net/data?retryWrites=true`,
    `jdbc:mysql://app:${opaque}@db.example.net:3306/data`,
    samplePrivateKey(seed),
    JSON.stringify({ type: 'service_account', private_key: samplePrivateKey(seed), private_key_id: opaque }),
  ];
}

describe('everything that the oracle reports is hidden', () => {
  const texts = [1, 2, 3].flatMap((seed) => [
    ...sampleSecrets(seed).flatMap(({ secret }) => FRAMES.map((frame) => frame(secret))),
    ...contextual(seed),
  ]);

  it('in the samples of all makers', async () => {
    const rules = new Set<string>();
    for (const text of texts) {
      const clean = createRedactor({ userDirectory: '/' }).text(text);
      for (const { rule, secret } of await reported(text)) {
        rules.add(rule);
        expect({ rule, text, clean, shown: clean.includes(secret) }).toEqual({
          rule,
          text,
          clean,
          shown: false,
        });
      }
      expect({ clean, left: await reported(clean) }).toEqual({ clean, left: [] });
    }
    // So that the test fails when the samples no longer reach the oracle's rules.
    expect(rules.size).toBeGreaterThanOrEqual(24);
  });
});
