import { expect, it } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../host/files.ts';
import { createRedactor } from '../redact/redactor.ts';
import { redactionOfUser } from './redaction.ts';

it('knows the secrets of the homes of all agents, and is content where there is none', () => {
  const word = ['tulip', 'harbour', '77'].join('-');
  const key = ['meadow', 'lantern', '31'].join('-');
  const codex = temporaryHome({
    'config.toml': `[model_providers.x]\nhttp_headers = { x-api-key = "${word}" }\n`,
  });
  const stethos = temporaryHome({ 'auth.json': JSON.stringify({ OPENAI_API_KEY: key }) });
  const env = { HOME: '/home/ann', CODEX_HOME: codex, STETHOS_HOME: stethos };
  const redactor = createRedactor(redactionOfUser({ env, cwd: codex }, files));
  expect(redactor.text(`it said ${word} and ${key} to me`)).toMatch(
    /^it said <[a-z-]+:1> and <[a-z-]+:2> to me$/,
  );
  const bare = temporaryHome();
  const nowhere = redactionOfUser({ env: { HOME: bare }, cwd: bare }, files);
  expect(createRedactor(nowhere).text(`it said ${word}`)).toBe(`it said ${word}`);
});
