const beats = require('./heart.cjs');
if (beats !== 2) {
  console.log('1 failing: expected 2 beats, got ' + beats);
  process.exit(1);
}
console.log('2 beats');
