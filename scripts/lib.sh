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

# Makes sure that programs are there. Arguments: program=debian-package … ; what is missing is installed from Debian's
# packages when this is root on such a system, and named exactly otherwise. Services that packages bring are not started.
need() {
  local pair packages=() missing=()
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null && continue
    missing+=("${pair%%=*}") packages+=("${pair#*=}")
  done
  [ ${#missing[@]} = 0 ] && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$(basename "$0"): missing programs: ${missing[*]}" >&2
    echo "     As root on Debian: apt-get install -y --no-install-recommends ${packages[*]}" >&2
    return 1
  fi
  echo "installing ${packages[*]} (Debian packages)" >&2
  local policy=/usr/sbin/policy-rc.d made=''
  [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=yes; }
  local status=0 log
  log=$(mktemp)
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}" \
    || { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; }; } \
    >"$log" 2>&1 </dev/null || status=1
  [ -n "$made" ] && rm -f "$policy"
  [ $status = 0 ] || { tail -n 5 "$log" >&2; echo "$(basename "$0"): could not install ${packages[*]}" >&2; }
  rm -f "$log"
  return $status
}

# Makes sure that Maven and a JDK of 21 or more are there.
need_java() {
  need mvn=maven || return 1
  newest_jdk >/dev/null || {
    echo "$(basename "$0"): a JDK 21 or newer is missing: install one under /usr/lib/jvm (Temurin's Debian package does), or set JAVA_HOME" >&2
    return 1
  }
}

# Makes sure that a C compiler that can link statically is there (the server of the proof of zero loss).
need_c() {
  need gcc=gcc || return 1
  [ -e /usr/include/stdio.h ] || need libc6-dev=libc6-dev
}

# Makes sure that the packaged program and the compiled tests are there, and not older than their sources.
built_program() {
  local newer
  newer=$(find pom.xml src/main templates -newer target/portolan.jar -print -quit 2>/dev/null || echo missing)
  if [ ! -r target/portolan.jar ] || [ -n "$newer" ]; then
    mvn -B -q -Dquick -DskipTests package || return 1
  fi
  newer=$(find src/test/java -newer target/test-classes/org/portolan/proof -print -quit 2>/dev/null || echo missing)
  if [ ! -d target/test-classes/org/portolan/proof ] || [ -n "$newer" ]; then
    mvn -B -q -Dquick test-compile || return 1
    touch target/test-classes/org/portolan/proof
  fi
}

# Copies a jar with picocli's classes lifted to a newer class-file format: the JVM archives none of the old one. Fails
# without a whole copy. Arguments: a JDK's home, the jar, the copy.
lift_classes() {
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  cp "$2" "$3" || return 1
  [ "$version" -ge 24 ] || return 0
  "$1/bin/java" -Xlog:disable "$ROOT/scripts/LiftClasses.java" "$3" /picocli \
    && "$1/bin/java" -Xlog:disable -jar "$3" --help >/dev/null
}

# Rehearses commands (scripts/rehearsal; with rehearsed=usual without those that are seldom used) in a new folder, against
# an engine that is none and a private store, so that the JVM can record which classes they load. Where HAProxy and nginx
# are installed they serve meanwhile, on ports of 127.0.0.1 that are nobody's default. Arguments: a JDK's home, the jar, the
# folder for all that is made, then the command, which ends with -cp JAR CLASS. Fails when a command went otherwise than
# scripts/rehearsal/commands says. What it prints is in FOLDER/log.
rehearse() {
  local jdk=$1 jar=$2 lab=$3 engine controller status=0 words base=$((11000 + RANDOM % 3900))
  shift 3
  cp -r "$ROOT/scripts/rehearsal" "$lab/site"
  { command -v haproxy && command -v nginx; } >/dev/null || sed -i '/^# proxies: /,/^# proxies: end/d' "$lab/site/commands"
  [ "${rehearsed:-all}" = all ] || sed -i '/^# seldom:/,/^# seldom: end/d' "$lab/site/commands"
  # The same in no repository.
  mkdir "$lab/apart" && cp "$lab/site/Servicefile" "$lab/apart"
  if command -v git >/dev/null; then
    (cd "$lab/site" && git init -q && git add -A && git -c user.name=x -c user.email=x@localhost commit -qm x) >/dev/null 2>&1
  fi
  "$jdk/bin/java" -Xlog:disable -cp "$jar" "$ROOT/scripts/FakeEngine.java" "$lab/engine" >"$lab/engine.log" 2>&1 &
  engine=$!
  # It is compiled first, which takes long on a busy machine.
  for _ in $(seq 600); do { [ -S "$lab/engine" ] || ! kill -0 "$engine" 2>/dev/null; } && break; sleep 0.1; done
  [ -S "$lab/engine" ] || { echo "$(basename "$0"): the rehearsal's engine did not start:" >&2; tail -n 5 "$lab/engine.log" >&2; }
  words=("${@:1:$#-3}" -Dportolan.rehearsal=commands -Dportolan.tty= "${@:$#-2}")
  local names=(env -i PATH="$PATH" HOME="$lab" LC_ALL=C.UTF-8 PORTOLAN_HOME="$lab/home"
    PORTOLAN_EDGE_HTTP="$base" PORTOLAN_EDGE_HTTPS=$((base + 1)) PORTOLAN_STATS_PORT=$((base + 2)) PORTOLAN_MESH_ADDRESS=127.0.0.1
    PORTOLAN_MESH_PORTS=$((base + 10))-$((base + 39)) PORTOLAN_INSTANCES_ADDRESS=127.0.0.1 PORTOLAN_API_PORT=off
    PORTOLAN_INSTANCES_PORTS=$((base + 40))-$((base + 99)) DOCKER_HOST="unix://$lab/engine")
  (
    cd "$lab/site" || exit
    asked() { for _ in $(seq 1200); do [ ! -e "$1.asked" ] || return 0; sleep 0.1; done; return 1; }
    asked controller || exit
    "${names[@]}" timeout 120 "$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp "$jar" org.portolan.app.Main serve >"$lab/serve.log" 2>&1 &
    controller=$!
    for _ in $(seq 600); do { [ -S "$lab/home/api.sock" ] || ! kill -0 "$controller" 2>/dev/null; } && break; sleep 0.1; done
    touch controller.done
    asked none
    kill "$controller" 2>/dev/null
    wait "$controller"
    touch none.done
  ) &
  controller=$!
  (cd "$lab/site" && "${names[@]}" timeout 120 "${words[@]}") >"$lab/log" 2>&1 || status=1
  touch "$lab/site"/{controller,none}.asked
  kill "$engine" 2>/dev/null
  wait "$engine" "$controller" 2>/dev/null
  return $status
}
