'use strict';
// The report of a run that cannot happen: one failed row, in the shape of every other report.

module.exports = function reportOldNode(required) {
  var version = process.versions.node;
  var now = new Date().toISOString();
  var cause = 'Node.js ' + version + ' is older than stethos needs';
  var remedy = 'Install Node.js ' + required + ' or newer and run the same command again.';
  var asJson = process.argv.indexOf('--json') !== -1;
  var text = asJson ? JSON.stringify(report(), null, 2) + '\n' : page();
  process.exitCode = 1;
  process.stdout.write(text);

  function page() {
    return [
      'stethos doctor · ' + process.platform + '-' + process.arch,
      'Verdict: failed — 1 failure — runtime.node: ' + cause,
      '',
      'Environment',
      '  ✗ node         ' + cause,
      '    ▸ version                  ' + version + ' (expected ' + required + ' or newer)',
      '      executable               ' + process.execPath,
      '    → ' + remedy,
      '',
      'Nothing else was looked at.',
      '',
    ].join('\n');
  }

  function report() {
    var issue = {
      severity: 'fail',
      cause: cause,
      measured: version,
      expected: required + ' or newer',
      remedy: remedy,
      fields: ['version'],
      failureClass: 'mismatch',
      docs: 'docs/checks/runtime.node.md',
    };
    return {
      schemaVersion: 1,
      generatedAt: now,
      overallStatus: 'fail',
      interrupted: false,
      tool: { name: 'stethos', version: require('../package.json').version },
      target: {
        profile: 'none',
        agent: 'none',
        home: '',
        homeSource: 'not looked at',
        version: null,
        alsoPresent: [],
      },
      platform: { os: process.platform, architecture: process.arch, runtime: 'node ' + version },
      durationMs: 0,
      counts: { ok: 0, idle: 0, warning: 0, fail: 1, skipped: 0, incomplete: 0, crashed: 0, notes: 1 },
      notes: [{ kind: 'cause', check: 'runtime.node', text: cause }],
      rootCauses: [
        {
          check: 'runtime.node',
          status: 'fail',
          failureClass: 'mismatch',
          cause: cause,
          remedy: remedy,
          symptoms: [],
        },
      ],
      checks: {
        'runtime.node': {
          id: 'runtime.node',
          section: 'Environment',
          category: 'node',
          title: 'The Node.js that runs stethos is supported',
          status: 'fail',
          summary: cause,
          details: { version: version, executable: process.execPath, required: required },
          issues: [issue],
          failure: { class: 'mismatch', phase: 'record', message: cause },
          remediation: remedy,
          startedAt: now,
          durationMs: 0,
        },
      },
      redactions: [],
    };
  }
};
