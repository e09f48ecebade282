import type { Argv } from 'yargs';

export const buildCompletionOptions = (command: Argv): Argv =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 <shell>',
        '',
        'Prints what makes a shell complete commands, options, values and the names of checks:',
        '',
        '  bash        in ~/.bashrc: eval "$(stethos completion bash)"',
        '  zsh         in ~/.zshrc, behind compinit: eval "$(stethos completion zsh)"',
        '  fish        stethos completion fish > ~/.config/fish/completions/stethos.fish',
        '  powershell  in $PROFILE: stethos completion powershell | Out-String | Invoke-Expression',
      ].join('\n'),
    )
    .epilogue('Exit codes: 0 printed, 2 wrong command line.');
