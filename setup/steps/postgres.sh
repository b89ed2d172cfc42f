# PostgreSQL: the server that PGHOST names, otherwise a private cluster below .odoo/ that listens on a socket only.
#
# The private cluster is shared by all commands of ours that run at the same time. Each holds a shared lock for
# as long as it (or a server that it started) lives; whoever ends last, and so gets the lock exclusively, stops it.
# shellcheck shell=bash

CLUSTER=$STATE/cluster
CLUSTER_LOCK=$STATE/cluster.lock
OLDEST_POSTGRES=13
CLUSTER_IN_USE=''
SERVER=''   # tells named servers apart

start_postgres() {
    if is_server_named; then
        check_named_server
    else
        PG_BIN=$(postgres_bin)
        check_version "$("$PG_BIN/postgres" --version | sed -E 's/.* ([0-9]+).*/\1/')" "$PG_BIN"
        hold_cluster
        export PGHOST=$CLUSTER PGPORT=5432 PGUSER=odoo
        export PATH=$PATH:$PG_BIN
    fi
}

# A command that one of ours started finds the private cluster in its environment.
is_server_named() { [ -n "${PGHOST:-}" ] && [ "$PGHOST" != "$CLUSTER" ]; }

check_named_server() {
    local version
    version=$(PGCONNECT_TIMEOUT=5 sql postgres 'SHOW server_version_num' 2>"$LOGS/postgres-connect.log") || {
        tail -n 3 "$LOGS/postgres-connect.log" >&2
        die "no PostgreSQL answers at PGHOST=$PGHOST: start it or correct PGHOST, PGPORT, PGUSER; or unset PGHOST to use a private one"
    }
    check_version "$((version / 10000))" "PGHOST=$PGHOST"
    # a database there may have the name of one in the private cluster, but not its file store
    SERVER=-$(echo "$PGHOST:${PGPORT:-5432}" | hash_of)
    DATA=$STATE/data$SERVER
    export ODOO_RC=$STATE/odoo$SERVER.conf
}

check_version() {
    [ "$1" -ge "$OLDEST_POSTGRES" ] ||
        die "PostgreSQL $1 ($2) is too old for Odoo $ODOO_SERIES: install PostgreSQL $OLDEST_POSTGRES or newer"
}

sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }

# --- the private cluster ------------------------------------------------------------------------

hold_cluster() {
    exec {CLUSTER_IN_USE}>>"$CLUSTER_LOCK"
    flock --shared "$CLUSTER_IN_USE"
    # only one at a time looks whether it runs and starts it
    (
        flock 8
        close_locks
        start_cluster 8>&-
    ) 8>>"$CLUSTER_LOCK.start"
}

release_cluster() {
    [ -n "$CLUSTER_IN_USE" ] || return 0
    if flock --exclusive --nonblock "$CLUSTER_IN_USE"; then
        # one that does not answer was killed: the pid in its file may be anybody's by now
        ! cluster_answers || (close_locks; in_cluster pg_ctl stop -m fast -w -D @DATA >/dev/null 2>&1) || true
    fi
    exec {CLUSTER_IN_USE}>&-
    CLUSTER_IN_USE=''
SERVER=''   # tells named servers apart
}

# The server outlives the command that starts it, and must not take the command's locks along.
close_locks() {
    local lock
    for lock in "$CLUSTER_IN_USE" "${PROVISION_LOCK:-}" "${DATABASE_LOCK:-}"; do
        [ -z "$lock" ] || exec {lock}>&-
    done
}

start_cluster() {
    [ -e "$CLUSTER/data/PG_VERSION" ] || create_cluster
    check_cluster_version
    ! cluster_answers || return 0
    remove_stale_pid
    # a crash of the machine may lose data here, which for demo and test databases buys speed
    in_cluster pg_ctl start -w -t 120 -D @DATA -l @DATA/server.log -o "-c listen_addresses= \
        -c unix_socket_directories=.. -c unix_socket_permissions=0700 -c port=5432 -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB -c max_connections=100" \
        >"$LOGS/postgres-start.log" 2>&1 || {
        tail -n 5 "$LOGS/postgres-start.log" "$CLUSTER/data/server.log" >&2 || true
        die "the private PostgreSQL does not start: remove $CLUSTER (its databases go with it) and run the same command again"
    }
}

# Asked as ourselves: the cluster's owner may not be able to walk down to its socket.
cluster_answers() { "$PG_BIN/pg_isready" -q -h "$CLUSTER" -p 5432; }

create_cluster() {
    say "Creating a private PostgreSQL cluster ($("$PG_BIN/postgres" --version))"
    check_socket_length
    rm -rf "$CLUSTER"
    mkdir -p "$CLUSTER/data"
    chmod 700 "$CLUSTER" "$CLUSTER/data"
    ! is_root || chown -R "$(cluster_user)" "$CLUSTER"
    # trust: the socket lies in a folder that only its owner can enter
    run_logged postgres-create in_cluster initdb -D @DATA -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync
    start_cluster
    PGUSER=postgres psql -Xq -h "$CLUSTER" -p 5432 -d postgres -c 'CREATE ROLE odoo LOGIN CREATEDB'
}

# The address of a socket holds 107 characters.
check_socket_length() {
    [ "$(printf '%s/.s.PGSQL.5432' "$CLUSTER" | wc -c)" -le 107 ] ||
        die "the path $ROOT is too long for PostgreSQL's socket: move the checkout to a shorter path (at most 78 characters)"
}

check_cluster_version() {
    local made_by
    made_by=$(cat "$CLUSTER/data/PG_VERSION")
    [ -x "/usr/lib/postgresql/$made_by/bin/postgres" ] && PG_BIN=/usr/lib/postgresql/$made_by/bin && return
    [ "$("$PG_BIN/postgres" --version | sed -E 's/.* ([0-9]+).*/\1/')" = "$made_by" ] ||
        die "the private cluster was made by PostgreSQL $made_by, which is gone: remove $CLUSTER (its databases go with it) and run this again"
}

# After a kill the pid in this file may belong to some other process by now, and PostgreSQL would not start.
remove_stale_pid() {
    local pid file=$CLUSTER/data/postmaster.pid
    [ -e "$file" ] || return 0
    pid=$(head -n 1 "$file")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] && [ "$(readlink "/proc/$pid/cwd")" = "$CLUSTER/data" ] && return
    rm -f "$file" "$CLUSTER/.s.PGSQL.5432.lock" "$CLUSTER/.s.PGSQL.5432"
}

# in_cluster PROGRAM ARGS: runs one of PostgreSQL's programs as the cluster's owner; @DATA is its folder.
# PostgreSQL refuses to run as root, and an unprivileged user may not be able to walk down to a checkout below
# /root. So the folder is opened here and handed down as a descriptor, which needs no right on the way to it.
in_cluster() {
    local program=$PG_BIN/$1 as_owner=()
    shift
    ! is_root || as_owner=(setpriv "--reuid=$(cluster_user)" "--regid=$(id -g "$(cluster_user)")" --clear-groups)
    (cd / && exec "${as_owner[@]}" "$program" "${@//@DATA//proc/self/fd/9}") 9<"$CLUSTER/data"
}

# Debian's package brings the user postgres; nobody is everywhere.
cluster_user() { id -un postgres 2>/dev/null || echo nobody; }
