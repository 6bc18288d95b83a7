package org.portolan.databases;

/** What runs in the container of a PostgreSQL server: POSIX shell around psql. */
final class PostgresScript {
    /**
     * The administrator comes over TCP, since the server of the official image listens there only once its first start is over;
     * one that lets its administrator in through the socket only is asked there. psql quotes the names, and reads them from
     * variables. The server's log does not get the statement with the password.
     */
    static final String TEXT = """
            value() {
              eval "v=\\${$1-} f=\\${$1_FILE-}"
              if [ -n "$v" ]; then printf %s "$v"; elif [ -n "$f" ]; then cat "$f"; fi
            }
            command -v psql >/dev/null || { echo "psql is not in this container"; exit 127; }
            admin=${PORTOLAN_ADMIN:-$(value POSTGRES_USER)}
            admin=${admin:-postgres}
            PGPASSWORD=$(value "${PORTOLAN_ADMIN_ENV:-POSTGRES_PASSWORD}")
            export PGPASSWORD PGCONNECT_TIMEOUT=5
            unset PGHOST PGHOSTADDR PGUSER PGDATABASE PGSERVICE PGOPTIONS PGPASSFILE
            sql() { psql -X -q -A -t -w -v ON_ERROR_STOP=1 -h "$host" -U "$admin" -d postgres; }
            host=127.0.0.1
            if command -v pg_isready >/dev/null; then
              ready=$(pg_isready -h "$host") || { echo "$ready"; exit 75; }
            fi
            if ! refusal=$(echo 'SELECT 1' | sql 2>&1 >/dev/null); then
              case $refusal in *refused*|*'starting up'*|*'shutting down'*) echo "$refusal"; exit 75;; esac
              host=
              echo 'SELECT 1' | sql >/dev/null 2>&1 || { echo "$refusal"; exit 1; }
            fi
            begin() {
              cat <<'END'
            \\set ON_ERROR_STOP off
            SELECT pg_catalog.set_config(name, value, false) FROM (VALUES ('log_statement', 'none'),
              ('log_min_duration_statement', '-1'), ('log_min_error_statement', 'panic')) AS quiet (name, value)
              WHERE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) \\g /dev/null
            \\set ON_ERROR_STOP on
            \\set user `printf %s "$PORTOLAN_USER"`
            \\set password `printf %s "$PORTOLAN_PASSWORD"`
            \\set database `printf %s "$PORTOLAN_DATABASE"`
            END
            }
            { begin; cat <<'END'
            SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'user') AS missing \\gset
            \\if :missing
            SELECT pg_catalog.format('CREATE ROLE %I LOGIN PASSWORD %L', :'user', :'password') \\gexec
            \\echo made user :user
            \\endif
            SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') AS missing \\gset
            \\if :missing
            SELECT pg_catalog.format('CREATE DATABASE %I OWNER %I', :'database', :'user') \\gexec
            \\echo made database :database
            \\endif
            END
            } | sql 2>&1 || exit 1
            login() {
              refusal=$(echo 'SELECT 1' | PGPASSWORD=$1 \\
                psql -X -q -A -t -w -h "$at" -U "$PORTOLAN_USER" -d "$PORTOLAN_DATABASE" 2>&1 >/dev/null)
            }
            address=$(hostname -i 2>/dev/null)
            address=${address%% *}
            at=${address:-127.0.0.1}
            login "$PORTOLAN_PASSWORD" && exit 0
            case $refusal in
              *refused*|*'could not translate'*|*timeout*) at=127.0.0.1; login "$PORTOLAN_PASSWORD" && exit 0;;
            esac
            wrong=$refusal
            case $wrong in *'authentication failed'*) ;; *) echo "$wrong"; exit 1;; esac
            i=1
            while [ "$i" -le "${PORTOLAN_OTHERS:-0}" ]; do
              eval "other=\\$PORTOLAN_OTHER_$i"
              if login "$other"; then
                { begin; cat <<'END'
            SELECT pg_catalog.format('ALTER ROLE %I PASSWORD %L', :'user', :'password') \\gexec
            END
                } | sql 2>&1 || exit 1
                login "$PORTOLAN_PASSWORD" || { echo "$refusal"; exit 1; }
                echo "changed the password of $PORTOLAN_USER"
                exit 0
              fi
              i=$((i + 1))
            done
            echo "$wrong"
            exit 77
            """;

    private PostgresScript() {}
}
