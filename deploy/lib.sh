# What deploy/up, deploy/down, deploy/service, deploy/backup and deploy/restore share. Sourced, never run.
#
# Settings, by environment:
#   DONDOC_DATA   where databases, logs and PID files live          (default: <repository>/data)
#   DONDOC_BUILD  a build tree whose programs are taken as they are  (default: build/release is built)
#   DONDOC_PORTS  first of the ports taken, see ports below         (default: 7400)
#   DONDOC_LAYOUT systemd: where deploy/install-systemd puts things (databases /var/lib/dondoc/<service>, programs
#                 /opt/dondoc, settings DONDOC_SETTINGS or /etc/dondoc), of which DONDOC_DATA and DONDOC_BUILD tell
#                 others; else all of it in DONDOC_DATA

say() { printf '%s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Absolute, because every program keeps its files there, wherever it was started from.
layout=${DONDOC_LAYOUT:-folder}
if [ "$layout" = systemd ]; then
  data=$(realpath -m "${DONDOC_DATA:-/var/lib/dondoc}")
  build=$(realpath -m "${DONDOC_BUILD:-/opt/dondoc}")
  settings=$(realpath -m "${DONDOC_SETTINGS:-/etc/dondoc}")
else
  data=$(realpath -m "${DONDOC_DATA:-$repository/data}")
  build=$(realpath -m "${DONDOC_BUILD:-$repository/build/release}")
  settings=$data
fi
first_port=${DONDOC_PORTS:-7400}
[[ $first_port =~ ^[1-9][0-9]{3,4}$ ]] && [ "$first_port" -ge 1024 ] && [ "$first_port" -le 65500 ] ||
  fail "DONDOC_PORTS=$first_port: cần một số từ 1024 đến 65500 (needs a number from 1024 to 65500)"

# One block of ports: NATS, the four services, Redis; 20 above each service its metrics, 40 above it
# what dondoc-admin talks to.
nats_port=$((first_port + 0))
registry_port=$((first_port + 1))
kpi_port=$((first_port + 2))
inspection_port=$((first_port + 3))
notification_port=$((first_port + 4))
redis_port=$((first_port + 5))

services=(registry kpi inspection notification)
programs=(nats redis "${services[@]}")

# The file of service $1's database, where it is one.
file_of() {
  if [ "$layout" = systemd ]; then printf '%s/%s/%s.db' "$data" "$1" "$1"; else printf '%s/db/%s.db' "$data" "$1"; fi
}

# Where the time of the last whole backup is left, which the registry tells Prometheus (setting last_backup).
last_backup_file() {
  if [ "$layout" = systemd ]; then printf '%s/registry/last-backup' "$data"; else printf '%s/last-backup' "$data"; fi
}

# The database of service $1 when its settings name one on a server; nothing when it is a file of ours.
server_of() {
  [ -f "${2:-$settings}/$1.conf" ] || return 0
  sed -n 's/^[[:space:]]*database[[:space:]]*=[[:space:]]*\(postgres[a-z]*:.*[^[:space:]]\)[[:space:]]*$/\1/p' \
    "${2:-$settings}/$1.conf" | tail -n 1
}

pid_file() { printf '%s/run/%s.pid' "$data" "$1"; }

# When process $1 began, in ticks since the machine did; nothing when it has ended, be it that nobody
# has taken notice of its end yet. One that was killed has not while a thread of it is still in the kernel: until
# then it holds its ports and files. A process number is given again, the two together are not.
birth_of() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return 0
  # The name of the program stands in brackets and may hold anything; the fields count from behind it.
  read -ra fields <<< "${stat##*) }"
  [ "${fields[0]}" = Z ] && [ "${fields[17]}" -le 1 ] || printf '%s' "${fields[19]}"
}

# The process of $1 when it runs, else nothing. Its file holds the number and the birth, so that a
# number that was given to somebody else since does not count.
running_pid() {
  local pid birth
  read -r pid birth 2> /dev/null < "$(pid_file "$1")" || return 0
  [ -n "$birth" ] && [ "$(birth_of "$pid")" = "$birth" ] || return 0
  printf '%s' "$pid"
}

port_of() {
  local name=$1_port
  printf '%s' "${!name}"
}

# The ports of program $1: of its service and, for those that have them, of its metrics and operators.
ports_of() {
  case $1 in
    nats | redis) port_of "$1" ;;
    *) printf '%s %s %s' "$(port_of "$1")" "$(($(port_of "$1") + 20))" "$(($(port_of "$1") + 40))" ;;
  esac
}

answers() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Ends with one sentence when a port of program $1 belongs to somebody else.
require_free_ports() {
  local port
  for port in $(ports_of "$1"); do
    ! answers "$port" ||
      fail "cổng $port của $1 đã có chương trình khác dùng; hãy đặt DONDOC_PORTS (the port of $1 is taken; set DONDOC_PORTS)"
  done
}

# Waits until program $1, just started as process $3, answers on all its ports, at most $2 seconds; fails at
# once when the process has ended.
wait_until_ready() {
  local deadline=$((SECONDS + $2)) port
  for port in $(ports_of "$1"); do
    until answers "$port"; do
      [ -n "$(birth_of "$3")" ] && [ "$SECONDS" -lt "$deadline" ] || return 1
      sleep 0.05
    done
  done
  [ -n "$(birth_of "$3")" ]
}

# Removes what these scripts put into the data folder, and nothing else: DONDOC_DATA may name a folder
# that holds more.
erase_data() {
  [ -d "$data" ] || return 0
  rm -rf "$data"/{clock,played,last-backup,run,log,db,nats}
  rmdir --ignore-fail-on-non-empty "$data"
}
