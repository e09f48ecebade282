/** The script of each shell, from the package's root. */
export const SHELLS = {
  bash: 'completions/stethos.bash',
  zsh: 'completions/_stethos',
  fish: 'completions/stethos.fish',
  powershell: 'completions/stethos.ps1',
} as const;

export type Shell = keyof typeof SHELLS;

export const isShell = (word: string): word is Shell => Object.hasOwn(SHELLS, word);
