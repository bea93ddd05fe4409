# What deploy/up, deploy/down and deploy/service share. Sourced, never run.
#
# Settings, by environment:
#   DONDOC_DATA   where databases, logs and PID files live          (default: <repository>/data)
#   DONDOC_BUILD  a build tree whose programs are taken as they are  (default: build/release is built)
#   DONDOC_PORTS  first of the ports taken, see ports below         (default: 7400)

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data=${DONDOC_DATA:-$repository/data}
build=${DONDOC_BUILD:-$repository/build/release}
first_port=${DONDOC_PORTS:-7400}

# One block of ports: NATS, the four services, Redis, and 20 above each service its metrics.
nats_port=$((first_port + 0))
registry_port=$((first_port + 1))
kpi_port=$((first_port + 2))
inspection_port=$((first_port + 3))
notification_port=$((first_port + 4))
redis_port=$((first_port + 5))

services=(registry kpi inspection notification)
programs=(nats redis "${services[@]}")

say() { printf '%s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

pid_file() { printf '%s/run/%s.pid' "$data" "$1"; }

# The process of $1 when it runs, else nothing. A PID that was given to somebody else since does not
# count: the program's name is compared.
running_pid() {
  local file pid command
  file=$(pid_file "$1")
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  [ -r "/proc/$pid/cmdline" ] || return 0
  command=$(tr '\0' ' ' < "/proc/$pid/cmdline")
  case $command in *"$(program_name "$1")"*) printf '%s' "$pid" ;; esac
}

program_name() {
  case $1 in
    nats) printf 'nats-server' ;;
    redis) printf 'redis-server' ;;
    *) printf 'dondoc-%s' "$1" ;;
  esac
}

port_of() {
  local name=$1_port
  printf '%s' "${!name}"
}

answers() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Waits until program $1, just started as process $3, answers on its port, at most $2 seconds; fails at
# once when the process has ended. It is known by its number here: until the shell's child has become
# the program, its name is still the shell's.
wait_until_ready() {
  local deadline=$((SECONDS + $2))
  until answers "$(port_of "$1")"; do
    [ -d "/proc/$3" ] && [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
  [ -d "/proc/$3" ]
}
