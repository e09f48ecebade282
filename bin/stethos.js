#!/usr/bin/env node
'use strict';
// The launcher: plain old JavaScript that any Node.js since 4 can parse, so that an old one gets a report and not a
// stack trace. Everything newer stands in files that only a supported Node.js loads.

var fs = require('fs');
var path = require('path');

/** Oldest supported Node.js; the same as `engines` in package.json, which a test compares. */
var REQUIRED = [22, 19];

var root = path.join(__dirname, '..');
var version = process.versions.node.split('.').map(Number);
var isSupported = version[0] > REQUIRED[0] || (version[0] === REQUIRED[0] && version[1] >= REQUIRED[1]);
/** A clone brings its own Node.js as a development dependency; a published package does not. */
var ownNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node'
);

if (isSupported) require('./launch.js')(root);
else if (fs.existsSync(ownNode)) runWith(ownNode);
else require('./old-node.js')(REQUIRED.join('.'));

/** Hands the terminal to the other Node.js and ends as it ends. */
function runWith(node) {
  var child = require('child_process').spawn(node, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
  });
  // A Ctrl-C reaches both processes; the child answers it with a partial report, which this one must outlive.
  process.on('SIGINT', function () {});
  process.on('SIGTERM', function () {
    child.kill('SIGTERM');
  });
  child.on('error', function () {
    require('./old-node.js')(REQUIRED.join('.'));
  });
  child.on('exit', function (code, signal) {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code);
    }
  });
}
