#!/usr/bin/env node
'use strict';
// Placeholder for the launcher's full care: see launch.js for the supported path.
var fs = require('fs');
var path = require('path');

var sources = path.join(__dirname, '..', 'src', 'cli', 'main.ts');
var entry = fs.existsSync(sources) ? sources : path.join(__dirname, '..', 'dist', 'main.js');
var bundledNode = path.join(__dirname, '..', 'node_modules', 'node', 'bin', 'node');
var version = process.versions.node.split('.').map(Number);

if (version[0] > 22 || (version[0] === 22 && version[1] >= 19)) {
  require('./launch.js')(entry);
} else if (fs.existsSync(bundledNode)) {
  var child = require('child_process').spawn(bundledNode, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
  });
  child.on('exit', function (code, signal) {
    process.exit(signal ? 1 : code);
  });
}
