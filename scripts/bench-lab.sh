# shellcheck shell=bash disable=SC2154
# What scripts/bench measures, inside its sandbox: sourced by it, not run. Each measure is a file of $inside with a line, in
# ms, for each run. The caller sets inside, lab, program, runs, services, many and large.

# Adds the wall time of a command to the file of its measure: NAME COMMAND…
timed() {
  local name=$1 from to
  shift
  from=$EPOCHREALTIME
  "$@" >"$lab/out" 2>&1 || {
    echo "bench: $name failed:" >&2
    cat "$lab/out" >&2
    return 1
  }
  to=$EPOCHREALTIME
  echo $(((${to/[.,]/} - ${from/[.,]/}) / 1000)) >>"$inside/$name"
}

# Runs a command that is not measured; its output is shown when it fails.
aside() {
  "$@" >"$lab/out" 2>&1 || {
    echo "bench: failed: $*" >&2
    cat "$lab/out" >&2
    return 1
  }
}

portolan() {
  "$program" "$@"
}

# docker-compose 1.29 locks itself up now and then from 100 services on: such a run is ended and done again. The rest is what
# to do before it is repeated: NAME REPAIR…
composed() {
  local name=$1 tries status from to
  shift
  for tries in 1 2 3 4 5; do
    status=0
    from=$EPOCHREALTIME
    timeout --kill-after=5 "$((45 + services / 2))" docker-compose up -d >"$lab/out" 2>&1 || status=$?
    to=$EPOCHREALTIME
    if [ $status = 0 ]; then
      echo $(((${to/[.,]/} - ${from/[.,]/}) / 1000)) >>"$inside/$name"
      return 0
    fi
    [ $status = 124 ] || [ $status = 137 ] || break
    echo "bench: docker-compose locked itself up ($name, try $tries); once more" >&2
    "$@" >"$lab/out" 2>&1 || return 1
  done
  echo "bench: docker-compose failed ($name):" >&2
  cat "$lab/out" >&2
  return 1
}

start_engine() {
  mkdir -p "$lab/site" "$lab/image"
  # A network for each of 200 deployments, more than an engine has by itself, and addresses for 200 services in each.
  dockerd --data-root "$lab/data" --exec-root "$lab/exec" --pidfile "$lab/pid" -H "unix://$lab/sock" \
    --default-address-pool base=10.200.0.0/14,size=24 --cgroup-parent "$PORTOLAN_SANDBOX_CGROUP" >"$lab/log" 2>&1 &
  export DOCKER_HOST="unix://$lab/sock" PORTOLAN_HOME="$lab/home" COMPOSE_PROJECT_NAME=benchcompose
  # Its own waits for the engine's answers are shorter than what creating 200 containers takes.
  export COMPOSE_HTTP_TIMEOUT=600
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    docker version >/dev/null 2>&1 && break
    sleep 0.1
  done
  docker version >/dev/null 2>&1 || {
    echo "bench: the private engine did not start:" >&2
    tail -n 5 "$lab/log" >&2
    return 1
  }
  cp "$(command -v busybox)" "$lab/image/busybox"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n' \
    >"$lab/image/Dockerfile"
  DOCKER_BUILDKIT=0 docker build -q -t bench:1 "$lab/image" >"$lab/out" 2>&1 || {
    cat "$lab/out" >&2
    return 1
  }
}

# Everything of this section away, the engine's image stays.
cleared() {
  portolan system down >/dev/null 2>&1 || true
  docker ps -aq | xargs -r docker rm -f >/dev/null 2>&1 || true
  docker network prune -f >/dev/null 2>&1 || true
  rm -rf "${lab:?}/home" "$lab/site"
  mkdir -p "$lab/site"
  cd "$lab/site" || return
}

idle="trap 'exit 0' TERM; sleep 86400 & wait"
listening="trap 'exit 0' TERM; httpd -f -p 80 & wait"

# Writes the same services as a Servicefile and for docker-compose; the argument is the value that may change.
services() {
  local i
  {
    echo "Name: bench"
    for ((i = 1; i <= services; i++)); do
      printf 's%d:\n  image: bench:1\n  cmd: "%s"\n  rollout: {min_healthy: 0s}\n' "$i" "$idle"
      printf '  env: {NUMBER: "%d", VALUE: "%s"}\n' "$i" "$([ "$i" = 1 ] && echo "$1" || echo same)"
    done
  } >"$lab/site/Servicefile"
  {
    printf 'version: "3"\nservices:\n'
    for ((i = 1; i <= services; i++)); do
      printf '  s%d:\n    image: bench:1\n    command: ["/bin/sh", "-c", "%s"]\n' "$i" "$idle"
      printf '    restart: unless-stopped\n    environment: {NUMBER: "%d", VALUE: "%s"}\n' \
        "$i" "$([ "$i" = 1 ] && echo "$1" || echo same)"
    done
  } >"$lab/site/docker-compose.yml"
}

# Writes one deployment with as many services, each with a port and a domain.
services_with_domains() {
  local i
  {
    echo "Name: bench"
    for ((i = 1; i <= services; i++)); do
      printf 's%d:\n  image: bench:1\n  cmd: "%s"\n  port: 80\n  rollout: {min_healthy: 0s}\n' "$i" "$listening"
      printf '  env: {NUMBER: "%d", VALUE: "%s"}\n' "$i" "$([ "$i" = 1 ] && echo "$1" || echo same)"
    done
    echo "Domains:"
    for ((i = 1; i <= services; i++)); do
      printf '  s%d.localhost: {http: s%d}\n' "$i" "$i"
    done
  } >"$lab/site/Servicefile"
}

# Writes a file with deployments of one service each: HOW-MANY VALUE, and yes for a domain each.
deployments() {
  local i port=''
  [ -z "$3" ] || port=$'\n  port: 80'
  printf 'Parameters: {value: {}}\nweb:\n  image: bench:1\n  cmd: "%s"%s\n  rollout: {min_healthy: 0s}\n  env: {VALUE: "{{value}}"}\n' \
    "$([ -z "$3" ] && echo "$idle" || echo "$listening")" "$port" >"$lab/site/template.Servicefile"
  {
    echo "Deployments:"
    for ((i = 1; i <= $1; i++)); do
      printf '  d%d: {template: template.Servicefile, with: {value: "%s"}}\n' "$i" "$([ "$i" = 1 ] && echo "$2" || echo same)"
    done
    [ -z "$3" ] || {
      echo "Domains:"
      for ((i = 1; i <= $1; i++)); do
        printf '  d%d.localhost: {http: "d%d:web"}\n' "$i" "$i"
      done
    }
  } >"$lab/site/Servicefile"
}

# One deployment from nothing, for a person who has just installed the program: its store is started too.
first() {
  case $2 in
    compose)
      composed "$1-first-compose" docker-compose down -t 5
      aside docker-compose down -t 5
      ;;
    portolan)
      timed "$1-first-portolan" portolan deploy --quiet
      aside portolan -D bench remove --yes
      aside portolan system down
      rm -rf "$PORTOLAN_HOME"
      ;;
  esac
}

# The two in turn; who begins changes from run to run.
turns() {
  local run=$1
  shift
  if [ $((run % 2)) = 0 ]; then
    "$@" compose
    "$@" portolan
  else
    "$@" portolan
    "$@" compose
  fi
}

unchanged() {
  timed "$1" portolan deploy
  # With several deployments in a file there is a line for each.
  if ! grep -q '^No changes\.$' "$lab/out" || grep -q '^Deploying' "$lab/out"; then
    echo "bench: a deploy without change did something:" >&2
    cat "$lab/out" >&2
    return 1
  fi
}

# SECTION-MEASURE and who.
deploy() {
  case $2:$1 in
    compose:*) composed "$1-compose" true ;;
    portolan:*-same) unchanged "$1-portolan" ;;
    portolan:*) timed "$1-portolan" portolan deploy ;;
  esac
}

# One deployment beside docker-compose: SECTION SERVICES FIRSTS.
beside() {
  local run services=$2
  cleared
  services 0
  for ((run = 0; run < $3; run++)); do
    turns "$run" first "$1"
    echo "$1: first $((run + 1))/$3" >&2
  done
  composed warm true
  aside portolan deploy
  for ((run = 0; run < runs; run++)); do
    turns "$run" deploy "$1-same"
  done
  for ((run = 0; run < runs; run++)); do
    services "$((run + 1))"
    turns "$run" deploy "$1-changed"
    echo "$1: no change and one changed $((run + 1))/$runs" >&2
  done
  docker-compose down -t 5 >/dev/null 2>&1 || true
}

section_compose() {
  beside compose "$services" "$(((runs + 1) / 2))"
}

section_large() {
  local n
  for n in $large; do beside "large$n" "$n" 1; done
}

# What domains cost: the same services without and with one each, deployed on one engine by two installations in turn.
section_domains() {
  local run services=20
  cleared
  services 0
  mkdir -p "$lab/plain"
  sed 's/^Name: bench/Name: plain/' Servicefile >"$lab/plain/Servicefile"
  services_with_domains 0
  (cd "$lab/plain" && PORTOLAN_HOME=$lab/plain/home aside portolan deploy)
  timed domains-first portolan deploy
  for ((run = 0; run < runs; run++)); do
    (cd "$lab/plain" && PORTOLAN_HOME=$lab/plain/home unchanged domains-same-without)
    unchanged domains-same-with
  done
  for ((run = 0; run < runs; run++)); do
    services_with_domains "$((run + 1))"
    timed domains-changed-with portolan deploy
    echo "domains: $((run + 1))/$runs" >&2
  done
  (cd "$lab/plain" && PORTOLAN_HOME=$lab/plain/home portolan system down) >/dev/null 2>&1 || true
  rm -rf "$lab/plain"
}

# Deployments of one service each in one file.
section_many() {
  local n kind domain run
  for kind in plain routed; do
    domain=''
    [ $kind = plain ] || domain=yes
    for n in $many; do
      cleared
      deployments "$n" 0 "$domain"
      timed "many-$kind-$n-first" portolan deploy --quiet
      echo "many: $n $kind, first" >&2
      for ((run = 0; run < runs; run++)); do
        unchanged "many-$kind-$n-same"
        timed "many-$kind-$n-plan" portolan plan
      done
      for ((run = 0; run < runs; run++)); do
        deployments "$n" "$((run + 1))" "$domain"
        timed "many-$kind-$n-changed" portolan deploy
      done
      echo "many: $n $kind, no change, plan, one changed" >&2
    done
  done
}

# What a person types most, with the 20 services deployed.
section_commands() {
  local run services=20
  cleared
  services 0
  aside portolan deploy
  for ((run = 0; run < runs; run++)); do
    timed commands-version portolan --version
    timed commands-validate portolan validate
    timed commands-status portolan status
    timed commands-list portolan list
    timed commands-plan portolan plan
  done
}

# Starts the controller and waits until it leads; its process is $served then.
served() {
  local tries
  "$program" serve >"$lab/serve" 2>&1 &
  served=$!
  for ((tries = 0; tries < 3000; tries++)); do
    ! grep -q 'Controller leads' "$lab/serve" || return 0
    sleep 0.01
  done
  echo "bench: the controller does not lead:" >&2
  cat "$lab/serve" >&2
  return 1
}

unserved() {
  kill -TERM "$served"
  wait "$served" || true
}

# Clock ticks that a process has used.
ticks() {
  awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# Runs a command and notes how long it took from then until the engine made the first container of a deployment, in ms:
# MEASURE DEPLOYMENT COMMAND…
first_action() {
  local measure=$1 name=$2 from i
  shift 2
  : >"$lab/events"
  from=${EPOCHREALTIME/[.,]/}
  aside "$@"
  for ((i = 0; i < 1000; i++)); do
    ! grep -q " create $name-" "$lab/events" || break
    sleep 0.02
  done
  awk -v from="$from" -v name="$name-" \
    '$2 == "create" && index($3, name) == 1 { print int($1 / 1000000 - from / 1000); found = 1; exit } END { exit !found }' \
    "$lab/events" >>"$inside/$measure" || {
    echo "bench: $measure: nothing was made within 20 s:" >&2
    tail -n 20 "$lab/serve" >&2
    return 1
  }
  # The old instance goes, and the release ends.
  sleep 3
}

# A work tree with one deployment of one service, which a source follows: NAME.
work_tree() {
  mkdir -p "$lab/$1"
  git init -q -b main "$lab/$1"
  commit "$1" 0
}

# NAME VALUE
commit() {
  printf 'Name: %s\nweb:\n  image: bench:1\n  cmd: "%s"\n  rollout: {min_healthy: 0s}\n  env: {VALUE: "%s"}\n' \
    "$1" "$idle" "$2" >"$lab/$1/Servicefile"
  git -C "$lab/$1" add -A
  git -C "$lab/$1" -c user.name=bench -c user.email=bench@example.org commit -q -m "$2"
}

# What a Git host sends, signed: FILE of the command to run, NAME.
signed() {
  local t v1 body='{"ref": "refs/heads/main"}'
  t=$(date +%s)
  v1=$(printf '%s.%s' "$t" "$body" | openssl dgst -sha256 -hmac "$secret" | sed 's/.*= //')
  printf 'exec curl -sSf -X POST -H "X-Portolan-Signature: t=%s,v1=%s" -d '"'%s'"' http://127.0.0.1:8044/v1/hooks/%s\n' \
    "$t" "$v1" "$body" "$2" >"$1"
}

# Deployments b1 to b4 of five services each: of what breaks again and again only the first repairs are made at once.
followed_instances() {
  local i each=$(((instances + 19) / 20))
  for ((i = 1; i <= 5; i++)); do
    printf 's%d:\n  image: bench:1\n  cmd: "%s"\n  scale: %d\n  rollout: {min_healthy: 0s}\n' "$i" "$idle" "$each"
  done >"$lab/site/template.Servicefile"
  {
    echo "Deployments:"
    for ((i = 1; i <= 4; i++)); do echo "  b$i: {template: template.Servicefile}"; done
  } >"$lab/site/Servicefile"
}

section_controller() {
  local run served from to before after watcher name secret i each=$(((instances + 19) / 20))
  cleared
  rm -rf "$lab"/{hooked,pushed,hooked.git,key,key.pub}
  followed_instances
  aside portolan deploy --quiet
  echo "controller: deployed" >&2
  # Nobody leads yet: these act alone.
  for ((run = 0; run < runs; run++)); do
    timed controller-direct-list portolan list
    timed controller-direct-status portolan status
    timed controller-direct-scale portolan -D b1 scale "s1=$each"
  done
  git init -q --bare -b main "$lab/hooked.git"
  work_tree hooked
  git -C "$lab/hooked" push -q "$lab/hooked.git" main
  work_tree pushed
  ssh-keygen -q -t ed25519 -N '' -f "$lab/key"
  export PORTOLAN_SOURCES="{hooked: {url: $lab/hooked.git, ref: main, poll: 1h}, pushed: {url: push}}"
  export GIT_SSH_COMMAND="ssh -i $lab/key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
  aside portolan key add bench "$lab/key.pub" --scope admin
  aside portolan remote add "$lab/pushed"
  secret=$(portolan webhook secret hooked)
  for ((run = 0; run < runs; run++)); do
    timed controller-start served
    unserved
  done
  docker events --filter type=container --format '{{.TimeNano}} {{.Action}} {{.Actor.Attributes.name}}' >>"$lab/events" &
  watcher=$!
  served
  sleep 5
  aside git -C "$lab/pushed" push -q deploy main
  for ((run = 0; run < runs; run++)); do
    PORTOLAN_URL=unix:$PORTOLAN_HOME/api.sock timed controller-socket-list portolan list
    PORTOLAN_URL=unix:$PORTOLAN_HOME/api.sock timed controller-socket-status portolan status
    PORTOLAN_URL=unix:$PORTOLAN_HOME/api.sock timed controller-socket-scale portolan -D b1 scale "s1=$each"
  done
  for ((run = 0; run < runs; run++)); do
    commit hooked "$((run + 1))"
    git -C "$lab/hooked" push -q "$lab/hooked.git" main
    signed "$lab/hook" hooked
    first_action controller-hooked hooked sh "$lab/hook"
    commit pushed "$((run + 1))"
    first_action controller-pushed pushed git -C "$lab/pushed" push -q deploy main
    echo "controller: webhook and push $((run + 1))/$runs" >&2
  done
  for ((run = 0; run < runs; run++)); do
    name=b$((run % 4 + 1))-s$((run / 4 % 5 + 1))-1-1
    : >"$lab/events"
    aside docker rm -f "$name"
    for ((i = 0; i < 1000; i++)); do
      ! grep -q " start $name" "$lab/events" || break
      sleep 0.02
    done
    awk -v name="$name" -v made="$inside/controller-made" '$3 == name && $2 == "destroy" { from = $1 }
      $3 == name && $2 == "create" { print int(($1 - from) / 1000000) >>made }
      $3 == name && $2 == "start" { print int(($1 - from) / 1000000); exit }' "$lab/events" >>"$inside/controller-replaced"
    sleep 3
  done
  echo "controller: replaced" >&2
  kill "$watcher"
  sleep 10
  for ((run = 0; run < 2; run++)); do
    before=$(ticks "$served")
    from=$EPOCHREALTIME
    sleep 60
    to=$EPOCHREALTIME
    after=$(ticks "$served")
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v from="$from" -v to="$to" \
      'BEGIN { printf "%d\n", ticks / hz / (to - from) * 1000 + 0.5 }' >>"$inside/controller-idle"
    awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$served/status" >>"$inside/controller-resident"
  done
  unserved
  unset PORTOLAN_SOURCES GIT_SSH_COMMAND
}
