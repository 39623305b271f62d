#!/bin/bash
# Prepares /var/lib/mysql when it holds no database yet, then becomes the server, as user mysql.
#
# Read once, when the database is made:
#   MYSQL_ROOT_PASSWORD         password of root, from everywhere
#   MYSQL_ALLOW_EMPTY_PASSWORD  not empty: root may come from everywhere without a password
#   (neither)                   root may come over the socket only, without a password
#   MYSQL_DATABASE              a database to make
#   MYSQL_USER, MYSQL_PASSWORD  a user to make, with all rights on that database
set -euo pipefail

data=/var/lib/mysql
run=/run/mysqld

case ${1:-mariadbd} in
  -*) set -- mariadbd "$@" ;;
  mysqld) shift; set -- mariadbd "$@" ;;
esac
[ "${1:-}" = mariadbd ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$run"
  chown mysql:mysql "$run"
  find "$data" ! -user mysql -exec chown -h mysql:mysql {} +
  exec setpriv --reuid=mysql --regid=mysql --init-groups "${BASH_SOURCE[0]}" "$@"
fi

# Text for a place between single quotes in SQL.
quoted() { local text=${1//\\/\\\\}; printf '%s' "${text//\'/\'\'}"; }
named() { printf '%s' "${1//\`/\`\`}"; }

first_statements() {
  echo 'FLUSH PRIVILEGES;'   # Without it a server in bootstrap mode knows no accounts.
  # The installer also lets root in over the network's loopback and under the build's host name.
  echo "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';"
  echo 'FLUSH PRIVILEGES;'
  if [ -n "${MYSQL_ROOT_PASSWORD:-}" ]; then
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$(quoted "$MYSQL_ROOT_PASSWORD")';"
    echo "CREATE USER 'root'@'%' IDENTIFIED BY '$(quoted "$MYSQL_ROOT_PASSWORD")';"
    echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
  elif [ -n "${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
    echo "CREATE USER 'root'@'%';"
    echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
  fi
  if [ -n "${MYSQL_DATABASE:-}" ]; then
    echo "CREATE DATABASE \`$(named "$MYSQL_DATABASE")\`;"
  fi
  if [ -n "${MYSQL_USER:-}" ]; then
    echo "CREATE USER '$(quoted "$MYSQL_USER")'@'%' IDENTIFIED BY '$(quoted "${MYSQL_PASSWORD:-}")';"
    [ -z "${MYSQL_DATABASE:-}" ] || echo "GRANT ALL ON \`$(named "$MYSQL_DATABASE")\`.* TO '$(quoted "$MYSQL_USER")'@'%';"
  fi
}

if [ ! -d "$data/mysql" ]; then
  # Made aside and moved, the folder that tells a made database last: a container killed halfway begins anew.
  echo 'Initializing database'
  new=$data/.initializing
  rm -rf "$new"
  mkdir "$new"
  mariadb-install-db --datadir="$new" --auth-root-authentication-method=normal --skip-test-db --skip-log-bin >/dev/null
  first_statements | mariadbd --datadir="$new" --bootstrap --skip-log-bin --silent-startup >/dev/null
  find "$new" -mindepth 1 -maxdepth 1 ! -name mysql -exec mv -t "$data" {} +
  mv "$new/mysql" "$data"
  rmdir "$new"
  echo 'Database is initialized'
fi
exec "$@"
