#!/usr/bin/env bash
# Makes sure that a browser, Node.js, PostgreSQL and Redis are there and that the two services run.
# Uses what is there; installs Debian packages only for what is missing (as root, or with sudo).
set -euo pipefail

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else
        echo "prepare_machine: cannot run '$*' without root; install or start it by hand" >&2
        exit 1
    fi
}

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)

# Another server may be named; then it is somebody else's to run.
needs_postgres=$([ -z "${TEST_POSTGRES_URL:-}" ] && echo yes || echo no)
needs_redis=$([ -z "${TEST_REDIS_URL:-}" ] && echo yes || echo no)

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

if [ $needs_postgres = yes ] && ! listens 5432 && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    missing+=(postgresql)
fi
if [ $needs_redis = yes ] && ! listens 6379 && ! command -v redis-server >/dev/null; then
    missing+=(redis-server)
fi

if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || {
        echo "prepare_machine: please install: ${missing[*]}" >&2
        exit 1
    }
    echo "Installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null
fi

wait_for() {
    for _ in $(seq 100); do
        listens "$1" && return 0
        sleep 0.2
    done
    echo "prepare_machine: nothing listens on port $1" >&2
    exit 1
}

if [ $needs_postgres = yes ] && ! listens 5432; then
    cluster=$(find /etc/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
    # The tests connect as postgres over the loopback address, without a password.
    access=/etc/postgresql/$cluster/main/pg_hba.conf
    as_root grep -q '^host all postgres 127.0.0.1/32 trust' "$access" ||
        as_root sed -i '1i host all postgres 127.0.0.1/32 trust' "$access"
    as_root pg_ctlcluster --skip-systemctl-redirect "$cluster" main start
    wait_for 5432
fi

if [ $needs_redis = yes ] && ! listens 6379; then
    redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save '' --appendonly no \
        --dir /tmp >/dev/null
    wait_for 6379
fi
