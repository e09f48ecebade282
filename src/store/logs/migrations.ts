/** As codex 0.169.0 records them in `logs_2.sqlite`: version, SHA-384 of the migration's text, description. */
export const LOG_MIGRATIONS = `
1 009639eafe599be97d49d1d712e51671bf1be1c6b8cb7bf1a4136da88fb0e19308ff3cbcfbfbf589065e0eafef2ca164 logs
2 cf6c93af074a90224564010f49bc9cf905f10ba4c3c4b8b25c12e014ee1522f0b561a1c3d8188f6d2f4be764f141daf8 logs feedback log body`;
