import { conclude, defineCheck } from '../../src/doctor/check.ts';
import type { Files } from '../../src/host/files.ts';

interface Product {
  readonly name: string;
  /** Where it installs itself, by platform; any one of them tells. */
  readonly paths: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>>;
  /** Prefix of its system extension's identifier on macOS. */
  readonly extension?: string;
}

/** Products that watch or block what a process starts and where it connects, by the folders their makers document. */
const PRODUCTS: readonly Product[] = [
  {
    name: 'CrowdStrike Falcon',
    paths: { linux: ['/opt/CrowdStrike'], darwin: ['/Applications/Falcon.app', '/Library/CS'] },
    extension: 'com.crowdstrike.',
  },
  {
    name: 'SentinelOne',
    paths: { linux: ['/opt/sentinelone'], darwin: ['/Library/Sentinel', '/Applications/SentinelOne'] },
    extension: 'com.sentinelone.',
  },
  {
    name: 'Microsoft Defender for Endpoint',
    paths: { linux: ['/opt/microsoft/mdatp'], darwin: ['/Applications/Microsoft Defender.app'] },
    extension: 'com.microsoft.wdav',
  },
  {
    name: 'Carbon Black',
    paths: {
      linux: ['/opt/carbonblack', '/var/opt/carbonblack', '/usr/sbin/cbdaemon'],
      darwin: ['/Applications/VMware Carbon Black Cloud', '/Applications/CarbonBlack'],
    },
    extension: 'com.vmware.carbonblack',
  },
  {
    name: 'Sophos',
    paths: {
      linux: ['/opt/sophos-spl', '/opt/sophos-av'],
      darwin: ['/Library/Sophos Anti-Virus', '/Applications/Sophos'],
    },
    extension: 'com.sophos.',
  },
  {
    name: 'Cortex XDR',
    paths: {
      linux: ['/opt/traps'],
      darwin: ['/Library/Application Support/PaloAltoNetworks/Traps', '/Applications/Cortex XDR.app'],
    },
    extension: 'com.paloaltonetworks.traps',
  },
  {
    name: 'ESET',
    paths: {
      linux: ['/opt/eset/efs', '/opt/eset/eea'],
      darwin: ['/Applications/ESET Endpoint Security.app', '/Applications/ESET Endpoint Antivirus.app'],
    },
    extension: 'com.eset.',
  },
  {
    name: 'Elastic Endpoint',
    paths: { linux: ['/opt/Elastic/Endpoint'], darwin: ['/Library/Elastic/Endpoint'] },
    extension: 'co.elastic.',
  },
  {
    name: 'Trend Micro',
    paths: {
      linux: ['/opt/ds_agent', '/opt/TrendMicro'],
      darwin: ['/Library/Application Support/TrendMicro'],
    },
    extension: 'com.trendmicro.',
  },
  {
    name: 'Trellix',
    paths: {
      linux: ['/opt/McAfee/ens', '/opt/trellix', '/opt/fireeye'],
      darwin: ['/Library/McAfee', '/Library/FireEye', '/Library/Trellix'],
    },
    extension: 'com.trellix.',
  },
  {
    name: 'Symantec Endpoint Protection',
    paths: {
      linux: ['/opt/Symantec', '/usr/lib/symantec'],
      darwin: ['/Applications/Symantec Endpoint Protection.app'],
    },
    extension: 'com.symantec.',
  },
  {
    name: 'Bitdefender',
    paths: {
      linux: ['/opt/bitdefender-security-tools', '/opt/BitDefender'],
      darwin: ['/Library/Bitdefender'],
    },
    extension: 'com.bitdefender.',
  },
  {
    name: 'Kaspersky Endpoint Security',
    paths: { linux: ['/opt/kaspersky/kesl'], darwin: ['/Library/Application Support/Kaspersky Lab'] },
    extension: 'com.kaspersky.',
  },
  {
    name: 'Cybereason',
    paths: { linux: ['/opt/cybereason'], darwin: ['/Applications/CybereasonActiveProbe.app'] },
    extension: 'com.cybereason.',
  },
  {
    name: 'Jamf Protect',
    paths: { darwin: ['/Applications/JamfProtect.app'] },
    extension: 'com.jamf.protect',
  },
  { name: 'Santa', paths: { darwin: ['/Applications/Santa.app'] }, extension: 'com.northpolesec.santa' },
];

/** What macOS remembers about the system extensions that were activated. */
const MACOS_EXTENSIONS = '/Library/SystemExtensions/db.plist';

export default defineCheck({
  id: 'security.endpoint',
  section: 'Environment',
  category: 'security',
  title: 'Endpoint protection is known',
  budgetMs: 1_000,
  probe: ({ files, machine: { platform } }) => {
    const candidates = PRODUCTS.filter((product) => product.paths[platform] !== undefined);
    const extensions = platform === 'darwin' ? textOf(MACOS_EXTENSIONS, files) : undefined;
    return {
      platform,
      lookedFor: candidates.map(({ name }) => name),
      found: candidates.flatMap(({ name, paths, extension }) => {
        const path = paths[platform]?.find((place) => isThere(place, files));
        if (path !== undefined) return [{ name, evidence: path }];
        const isExtension = extension !== undefined && extensions?.includes(extension);
        return isExtension ? [{ name, evidence: MACOS_EXTENSIONS }] : [];
      }),
    };
  },
  judge: ({ platform, lookedFor, found }) => {
    const names = found.map(({ name }) => name);
    if (lookedFor.length === 0)
      return conclude({
        summary: `not looked for on ${platform}`,
        details: { 'endpoint products': `not looked for on ${platform}` },
      });
    return conclude({
      summary:
        names.length === 0 ? 'none of the known products is installed' : `${names.join(', ')} installed`,
      details: {
        'endpoint products': names.length === 0 ? 'none found' : names,
        'found at': names.length === 0 ? undefined : found.map(({ evidence }) => evidence),
        'looked for': lookedFor,
      },
      notes:
        names.length === 0
          ? []
          : [
              {
                kind: 'info',
                text: `${names.join(', ')} watches this machine and may slow, block or intercept what the agent starts and where it connects`,
              },
            ],
    });
  },
});

/** A product that guards its folder against looking is there all the same. */
function isThere(path: string, files: Files): boolean {
  const seen = files.look(path);
  return seen.kind === 'found' || seen.kind === 'denied';
}

function textOf(path: string, files: Files): string {
  const read = files.readText(path);
  return read.kind === 'read' ? read.text : '';
}
