FROM debian
RUN <<EOF
set -e
apt-get update
echo "done $HOME" 'single'
EOF
RUN <<-SCRIPT
	#!/bin/bash
	echo tabs
	SCRIPT
RUN python3 <<PY && echo after
print("hi")
PY
RUN cat <<A >/a && cat <<'B' >/b
first $x
A
second $x
B
