const beats = require('./heart.cjs');
if (beats !== 2) {
  process.stdout.write(`1 failing: expected 2 beats, got ${beats}\n`);
  process.exit(1);
}
process.stdout.write('2 beats\n');
