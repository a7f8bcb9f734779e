"""What of the completion is written in the language of a shell."""

from __future__ import annotations

HELP = """\
usage: jupyter aicore completion bash|zsh

Print a script that completes jupyter aicore.

  bash, in ~/.bashrc:
    eval "$(jupyter aicore completion bash)"

  zsh, in ~/.zshrc, after compinit:
    eval "$(jupyter aicore completion zsh)"\
"""

# Both shells read this. $1 is the command, $2 the word before, $3 the word to complete.
BODY = """\
_jupyter_aicore_fitting() {{
  case "$1 $2" in
{values}
    *=) ;;  # behind the first half of a pair, whose other half is not known
    *) _jupyter_aicore_argument "$1" "$3" ;;
  esac
}}

_jupyter_aicore_argument() {{
  local current="$2"
  case "$1" in
{arguments}
  esac
}}

_jupyter_aicore_either() {{
  case "$current" in
    -*) return 1 ;;
    *) "$@" ;;
  esac
}}

_jupyter_aicore_commands() {{
  _jupyter_aicore_words '{commands}'
}}

_jupyter_aicore_nested() {{
  _jupyter_aicore_words '{nested}'
}}
"""

BASH = r"""# Completion of jupyter aicore for bash.
_jupyter_aicore_words() {
  COMPREPLY=($(compgen -W "$1" -- "$_jupyter_aicore_current"))
  case "${COMPREPLY[*]}" in
    *[=/]) compopt -o nospace 2>/dev/null ;;  # one goes on there
  esac
}

_jupyter_aicore_variables() { COMPREPLY=($(compgen -e -- "$_jupyter_aicore_current")); }

_jupyter_aicore_folders() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -d -- "$_jupyter_aicore_current"))
}

_jupyter_aicore_files() {
  local IFS=$'\n' ending
  compopt -o filenames 2>/dev/null
  if [ $# -eq 0 ]; then
    COMPREPLY=($(compgen -f -- "$_jupyter_aicore_current"))
    return
  fi
  COMPREPLY=($(compgen -d -- "$_jupyter_aicore_current"))
  for ending in "$@"; do
    COMPREPLY+=($(compgen -f -X "!*$ending" -- "$_jupyter_aicore_current"))
  done
  [ ${#COMPREPLY[@]} -gt 0 ]
}

# Files with one of these endings, or any if there is none.
_jupyter_aicore_files_first() {
  local IFS=$'\n' ending
  for ending in "$@"; do
    if [ -n "$(compgen -f -X "!*$ending" -- "$_jupyter_aicore_current")" ]; then
      _jupyter_aicore_files "$@"
      return
    fi
  done
  _jupyter_aicore_files
}

_jupyter_aicore_profiles() {
  local file names=
  [ -e "${AICORE_HOME:-$HOME/.aicore}/config.json" ] && names=default
  for file in "${AICORE_HOME:-$HOME/.aicore}"/config_*.json; do
    [ -e "$file" ] || continue
    file=${file##*/config_}
    names="$names ${file%.json}"
  done
  _jupyter_aicore_words "$names"
}

_jupyter_aicore() {
  local first=1 before=${COMP_WORDS[COMP_CWORD-1]} _jupyter_aicore_current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  compopt +o bashdefault +o default 2>/dev/null  # where nothing fits, a file does not either
  [ "${COMP_WORDS[0]##*/}" = jupyter ] && first=2
  # --format=json is three words here, and --login ghcr.io=anna four.
  local place=$COMP_CWORD
  if [ "$_jupyter_aicore_current" = = ]; then
    _jupyter_aicore_current=
    place=$((place + 1))
  fi
  if [ "${COMP_WORDS[place-1]}" = = ]; then
    before=${COMP_WORDS[place-2]}
    [[ $before == --* ]] || before="${COMP_WORDS[place-3]}="
  fi
  # help create is completed as create is.
  [ "${COMP_WORDS[first]}" = help ] && first=$((first + 1))
  local command=${COMP_WORDS[first]}
  if [ "$COMP_CWORD" -eq "$first" ]; then
    _jupyter_aicore_commands
    return
  fi
  if [ "$command" = template ]; then
    if [ "$COMP_CWORD" -eq $((first + 1)) ]; then
      _jupyter_aicore_nested
      return
    fi
    command="template ${COMP_WORDS[first+1]}"
  fi
  _jupyter_aicore_fitting "$command" "$before" "$_jupyter_aicore_current"
}

# What completed jupyter before goes on to do so for its other subcommands.
_jupyter_aicore_other=$(complete -p jupyter 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
[ "$_jupyter_aicore_other" = _jupyter_aicore_or_other ] && _jupyter_aicore_other=$_jupyter_aicore_kept
_jupyter_aicore_kept=$_jupyter_aicore_other

_jupyter_aicore_or_other() {
  if [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[1]}" = aicore ]; then
    _jupyter_aicore
  elif [ -n "$_jupyter_aicore_kept" ]; then
    "$_jupyter_aicore_kept" "$@"
  elif [ "$COMP_CWORD" -eq 1 ]; then
    local _jupyter_aicore_current=${COMP_WORDS[1]}
    _jupyter_aicore_words aicore
  fi
}

complete -F _jupyter_aicore jupyter-aicore
complete -o bashdefault -o default -F _jupyter_aicore_or_other jupyter
"""

ZSH = r"""#compdef jupyter-aicore
# Completion of jupyter aicore for zsh.
_jupyter_aicore_words() {
  local -a given=(${=1})
  compadd -- ${given:#*[=/]}
  compadd -S '' -- ${(M)given:#*[=/]}  # one goes on there
}

_jupyter_aicore_variables() { compadd -- ${(k)parameters[(R)*export*]} }

_jupyter_aicore_folders() { _path_files -/ }

_jupyter_aicore_files() {
  if (( $# )); then
    _path_files -/ -g "*(${(j:|:)@}|$1)"  # without a bar, it would be a qualifier
  else
    _files
  fi
}

# Files with one of these endings, or any if there is none.
_jupyter_aicore_files_first() { _files -g "*(${(j:|:)@}|$1)" }

_jupyter_aicore_profiles() {
  local -a names
  names=(${AICORE_HOME:-$HOME/.aicore}/config_*.json(N:t:r))
  [[ -e ${AICORE_HOME:-$HOME/.aicore}/config.json ]] && names+=default
  compadd -- ${names#config_}
}

_jupyter_aicore() {
  local first=2 before=${words[CURRENT-1]}
  [[ ${words[1]:t} == jupyter ]] && first=3
  if [[ $PREFIX == --*=* ]]; then
    before=${PREFIX%%=*}
    compset -P '*='
  elif [[ $PREFIX == *=* ]]; then
    before="$before="
    compset -P '*='
  fi
  [[ ${words[first]} == help ]] && (( first++ ))  # help create is completed as create is
  local command=${words[first]}
  if (( CURRENT == first )); then
    _jupyter_aicore_commands
    return
  fi
  if [[ $command == template ]]; then
    if (( CURRENT == first + 1 )); then
      _jupyter_aicore_nested
      return
    fi
    command="template ${words[first+1]}"
  fi
  _jupyter_aicore_fitting "$command" "$before" "$PREFIX"
}

# What completed jupyter before goes on to do so for its other subcommands.
[[ ${_comps[jupyter]} == _jupyter_aicore_or_other ]] || _jupyter_aicore_kept=${_comps[jupyter]}

_jupyter_aicore_or_other() {
  if (( CURRENT > 2 )) && [[ ${words[2]} == aicore ]]; then
    _jupyter_aicore
  elif [[ -n $_jupyter_aicore_kept ]]; then
    $_jupyter_aicore_kept "$@"
  elif (( CURRENT == 2 )); then
    compadd -- aicore
  else
    _files
  fi
}

compdef _jupyter_aicore jupyter-aicore
compdef _jupyter_aicore_or_other jupyter
"""
