// Makes the samples of the README anew, docs/images/report.png and the text that it prints: a real agent works in a home,
// the home and the way out are damaged, the doctor examines them, and Debian's Chromium shows its page. Only this machine is called: the provider stands behind a proxy
// on loopback that inspects TLS.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { createAuthority } from '../fixtures/lab/authority.ts';
import { startFaultProxy } from '../fixtures/lab/fault-proxy.ts';
import { startFaultServer } from '../fixtures/lab/fault-server.ts';
import { CACHE, installAgent } from '../fixtures/real/agent.ts';
import { startBrowser } from '../fixtures/real/browser.ts';
import { finish } from '../fixtures/real/doctor.ts';
import { makeHome } from '../fixtures/real/home.ts';
import { startModel } from '../fixtures/real/model.ts';
import { LAUNCHER } from '../fixtures/run.ts';

const PICTURE = resolve(import.meta.dirname, '../docs/images/report.png');
/** What a README shows without being scrolled past. */
const VIEW = { width: 1280, height: 1480 };
const PROVIDER = 'models.acme.example';
const AUTHORITY = 'Acme Corp Inspection CA';

const agent = installAgent();
mkdirSync(CACHE, { recursive: true });
const root = realpathSync(mkdtempSync(join(CACHE, 'picture-')));
try {
  const user = join(root, 'ann');
  const home = join(user, '.codex');
  await liveIn(user, home);
  damage(home);
  const page = join(root, 'report.html');
  await examine(user, page);
  await show(page);
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** The real agent works for a while; its home is moved to where a user has it. */
async function liveIn(user: string, home: string): Promise<void> {
  const model = await startModel(agent.modelServer);
  try {
    const place = await makeHome({ root: join(root, 'life'), agent, modelUrl: model.baseUrl });
    cpSync(place.home, home, { recursive: true, preserveTimestamps: true });
    cpSync(place.project, join(user, 'project'), { recursive: true });
  } finally {
    await model.stop();
  }
}

/** A state database cut in half, a misspelt key, a server that is not installed, and a provider elsewhere. */
function damage(home: string): void {
  const database = join(home, 'state_5.sqlite');
  truncateSync(database, statSync(database).size >> 1);
  for (const rest of ['-wal', '-shm']) rmSync(database + rest, { force: true });
  const config = join(home, 'config.toml');
  const text = readFileSync(config, 'utf8')
    .replace(/base_url = "[^"]*"/, `base_url = "https://${PROVIDER}/v1"`)
    .replace('name = "Scripted model"', 'name = "Acme"');
  writeFileSync(config, `approval_polcy = "on-request"\n${text}\n[mcp_servers.docs]\ncommand = "docs-mcp"\n`);
}

async function examine(user: string, page: string): Promise<void> {
  const authority = await createAuthority({ commonName: AUTHORITY });
  await using provider = await startFaultServer(
    {
      '*': { answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"data":[]}' } },
    },
    { tls: { identity: await authority.issue({ hosts: [PROVIDER] }) } },
  );
  await using proxy = await startFaultProxy({ hosts: { [PROVIDER]: `127.0.0.1:${provider.port}` } });
  const env = {
    PATH: [agent.bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: user,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    npm_config_prefix: agent.prefix,
    HTTPS_PROXY: proxy.url,
  };
  const { exitCode, stdout, stderr } = await finish(
    process.execPath,
    [LAUNCHER, 'doctor', '--summary', '--format', `html=${page}`],
    { env, cwd: join(user, 'project') },
  );
  if (exitCode !== 1) throw new Error(`the doctor ended with exit code ${exitCode}: ${stderr}`);
  console.log(stdout);
}

async function show(path: string): Promise<void> {
  await using browser = await startBrowser();
  const page = await browser.page();
  await page.send('Emulation.setDeviceMetricsOverride', { ...VIEW, deviceScaleFactor: 1, mobile: false });
  await page.send('Emulation.setScrollbarsHidden', { hidden: true });
  await page.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: 'light' }],
  });
  await page.open(path);
  // Half the bytes, and nobody sees it: the page has few colours.
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toBuffer();
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, picture);
  console.error(`${PICTURE}: ${picture.length} bytes`);
}
