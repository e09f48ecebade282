# Completion of stethos for fish. As a file:  stethos completion fish > ~/.config/fish/completions/stethos.fish
# What may stand where is known to `stethos complete`; this hands over the words and shows the answer.

function __stethos_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor | string unescape)
    set -l before (string match --regex -- '^.*=' "$current")
    set -l path (string replace --regex -- '^.*=' '' "$current")
    for line in (stethos complete -- $words[2..-1] "=$current" 2>/dev/null </dev/null)
        switch $line
            case ':files'
                for name in (__fish_complete_path "$path")
                    echo -- "$before$name"
                end
            case ':folders'
                for name in (__fish_complete_directories "$path")
                    echo -- "$before$name"
                end
            case ':*'
            case '*'
                echo -- $line
        end
    end
end

complete --command stethos --erase
complete --command stethos --no-files --keep-order --arguments '(__stethos_complete)'
