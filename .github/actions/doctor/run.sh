#!/usr/bin/env bash
# The step of action.yml. Inputs come as INPUT_*; none of them is ever a part of a command.
set -euo pipefail

readonly USAGE=2
readonly INCOMPLETE=3

# Tells the job how it ended, and ends so. Each value is of a closed list or a path that was made here.
finish() {
  local exit_code=$1 verdict=$2 report=$3
  printf '%s\n' "exit-code=$exit_code" "verdict=$verdict" "report=$report" >>"$GITHUB_OUTPUT"
  exit "$exit_code"
}

# Ends with words of ours alone: foreign ones could be commands to the runner.
refuse() {
  printf '::error title=stethos doctor::%s\n' "$1"
  finish "$USAGE" unknown ''
}

for name in VERSION TARBALL FAIL_ON ONLY SKIP OFFLINE BASELINE; do
  variable="INPUT_$name"
  [[ ${!variable-} != *[$'\r\n']* ]] || refuse "INPUT_$name holds more than one line."
done
version=${INPUT_VERSION:-latest}
# Neither an alias nor an address: only what the registry has under this name.
[[ $version =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || refuse 'The input version is neither a version nor a tag.'
case ${INPUT_OFFLINE:-false} in
  true | false) ;;
  *) refuse 'The input offline is neither true nor false.' ;;
esac

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/stethos-XXXXXX")
report=$folder/report.json

package="stethos@$version"
if [[ -n ${INPUT_TARBALL-} ]]; then
  cp -- "$INPUT_TARBALL" "$folder/stethos.tgz" 2>/dev/null || refuse 'The input tarball cannot be read.'
  package=./stethos.tgz
fi

# In a folder of its own: no .npmrc and no node_modules of the examined repository has a say in what is run.
if ! (cd "$folder" && npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error \
  "$package") >&2; then
  printf '::error title=stethos doctor::stethos could not be installed by npm.\n'
  finish "$INCOMPLETE" unknown ''
fi

# With = and not as a word of its own, so that no value is taken for an option.
arguments=("--format=json=$report")
[[ -z ${INPUT_FAIL_ON-} ]] || arguments+=("--fail-on=$INPUT_FAIL_ON")
[[ -z ${INPUT_ONLY-} ]] || arguments+=("--only=$INPUT_ONLY")
[[ -z ${INPUT_SKIP-} ]] || arguments+=("--skip=$INPUT_SKIP")
[[ -z ${INPUT_BASELINE-} ]] || arguments+=("--baseline=$INPUT_BASELINE")
[[ ${INPUT_OFFLINE:-false} == false ]] || arguments+=(--offline)
guard=stethos-$RANDOM$RANDOM$RANDOM$RANDOM
while IFS= read -r line; do
  line=${line%$'\r'}
  [[ -n ${line//[[:space:]]/} ]] || continue
  arguments+=("--format=$line")
  # Its commands are for the runner, and it guards what is foreign itself.
  [[ $line != github && $line != github=- ]] || guard=''
done <<<"${INPUT_FORMAT-github}"

[[ -z $guard ]] || printf '::stop-commands::%s\n' "$guard"
exit_code=0
node "$folder/node_modules/stethos/bin/stethos.js" doctor "${arguments[@]}" || exit_code=$?
[[ -z $guard ]] || printf '::%s::\n' "$guard"

[[ -f $report ]] || finish "$exit_code" unknown ''
verdict=$(node -e '
  const { overallStatus } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  console.log(["ok", "warning", "fail"].includes(overallStatus) ? overallStatus : "unknown");
' "$report") || verdict=unknown
finish "$exit_code" "$verdict" "$report"
