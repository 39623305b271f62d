from Debian as Build
run echo lower
Copy --from=x a b
cOpY a b
MAINTAINER Someone <some@example.org>
