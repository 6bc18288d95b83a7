# shellcheck shell=bash disable=SC2034
# Shared by the scripts: where things are, which JDK is used, what may be installed. Sourced, not run.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The newest JDK of 21 or more: JAVA_HOME's if it is one, else under /usr/lib/jvm. Prints its home; fails if none.
newest_jdk() {
  local best="" best_version=0 home version
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    if [ ! -x "$home/bin/javac" ] || [ ! -r "$home/release" ]; then continue; fi
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${version:-0}" -ge 21 ] && [ "$version" -gt "$best_version" ]; then
      best=$home best_version=$version
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}
