# Completion of stethos for bash (3.2 or newer). In ~/.bashrc:  eval "$(stethos completion bash)"
# What may stand where is known to `stethos complete`; this hands over the words and shows the answer.

_stethos() {
  local index word value current tail how='' joins='' quotes=''
  local -a words=()
  # readline ends a word at = and : too; here they belong to it.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ ${#words[@]} -gt 0 && -n $word && ($word == [=:]* || -n $joins) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    joins=''
    [[ $word == *[=:] ]] && joins=yes
  done
  index=$((${#words[@]} - 1))
  current=${words[index]#[\'\"]}
  unset "words[$index]"
  tail=$current
  [[ $COMP_WORDBREAKS == *=* ]] && tail=${tail##*=}
  [[ $COMP_WORDBREAKS == *:* ]] && tail=${tail##*:}

  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    case $value in
      :*) how=${value#:} ;;
      ?*) COMPREPLY+=("${value#"${current%"$tail"}"}") ;;
    esac
  done < <(stethos complete -- ${words[@]+"${words[@]}"} "=$current" 2>/dev/null </dev/null)

  case $how in
    files) how=-f ;;
    folders) how=-d ;;
    *) return ;;
  esac
  # bash 3.2, as macOS has it, cannot be told that these are names of files, and would not quote them.
  compopt -o filenames 2>/dev/null || quotes=yes
  while IFS= read -r value; do
    [[ -z $quotes ]] || printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <(compgen $how -- "${tail##*=}")
}

complete -F _stethos stethos
