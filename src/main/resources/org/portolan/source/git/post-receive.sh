set -u
say() { printf 'portolan: %s\n' "$*"; }

repository=$(pwd -P)
updates=$(cat)
# Git tells hooks about the push in variables that would mislead every other git.
unset $(git rev-parse --local-env-vars) GIT_QUARANTINE_PATH 2>/dev/null
status=0
# Who pushes, for the history: as a Git server names them, else the user of this machine.
PORTOLAN_WHO="${GL_USER:-${REMOTE_USER:-$(id -un)}}, push${SSH_CLIENT:+ from ${SSH_CLIENT%% *}}"
export PORTOLAN_WHO

if [ -x "$repository/hooks/post-receive.first" ]; then
  printf '%s\n' "$updates" | "$repository/hooks/post-receive.first" || say "hooks/post-receive.first failed (exit status $?)"
fi

if [ -n "$branch" ]; then
  wanted=refs/heads/$branch
elif ! wanted=$(git --git-dir="$repository" symbolic-ref -q HEAD); then
  say "nothing is deployed: HEAD is not on a branch; choose one: portolan hook install $repository --branch NAME"
  exit 1
fi
name=${wanted#refs/heads/}

while read -r old new reference; do
  if [ "$reference" != "$wanted" ]; then
    say "${reference#refs/heads/} is not deployed: this repository deploys $name"
    if ! git --git-dir="$repository" show-ref -q --verify "$wanted"; then
      say "$name does not exist here; to deploy another: portolan hook install $repository --branch ${reference#refs/heads/}"
    fi
    continue
  fi
  case $new in
    *[!0]*) ;;
    *) say "$name was deleted: nothing is deployed, and running services stay"; continue ;;
  esac
  short=$(printf '%.7s' "$new")
  if [ "$(git --git-dir="$repository" rev-parse -q --verify "$wanted")" != "$new" ]; then
    say "$name $short is not deployed: overtaken by a newer push"
    continue
  fi
  if [ ! -x "$launcher" ]; then
    say "$name $short is NOT deployed: $launcher does not exist; run portolan hook install again"
    status=127
    continue
  fi
  # The branch, not the commit: what it names once the deployment is free is deployed, also when this process was slow and
  # a newer push was deployed meanwhile.
  set -- deploy --git "$repository" --ref "$wanted" --path "$path" --automatic
  if [ -n "$deployment" ]; then
    set -- -D "$deployment" "$@"
  fi
  # A controller deploys what was read before the deployment was free: whoever finds that the branch has moved deploys it again, so that
  # of several pushes none leaves an older commit.
  attempts=0
  now=$new
  read=
  while [ "$now" != "$read" ] && [ "$attempts" -lt 5 ]; do
    attempts=$((attempts + 1))
    read=$now
    status_now=0
    "$launcher" "$@" </dev/null 2>&1 || status_now=$?
    now=$(git --git-dir="$repository" rev-parse -q --verify "$wanted") || now=$read
  done
  [ "$now" = "$new" ] || short="$short (overtaken by $(printf '%.7s' "$now"))"
  if [ "$status_now" = 0 ]; then
    say "$name $short: done"
  else
    status=$status_now
    # 4: the engine or the store was not reachable, the lock was not free, or a newer deploy came first; what it said tells which.
    how=FAILED
    [ "$status" != 4 ] || how="NOT DEPLOYED"
    say "$name $short: $how (exit status $status); the commit is in the repository"
  fi
done <<UPDATES
$updates
UPDATES
exit $status
