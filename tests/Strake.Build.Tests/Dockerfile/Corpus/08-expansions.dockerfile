FROM scratch
ENV a=1 b=two c=
ENV d=$a e=${b} f=${c:-default} g=${c-unset} h=${c:+set} i=${a+set}
ENV j=${b#t} k=${b##t*} l=${b%o} m=${b%%w*} n=${b/w/v} o=${b//o/0}
ENV p=${x:-${y:-${a:-deep}}} q="${x:-'quoted $a'}" r='$a' s=\$a t=$$ u=${a:?unset}
WORKDIR /$b/${a}
USER ${u:-root}
VOLUME /data/$b
EXPOSE ${a}0/tcp 90-95/udp
STOPSIGNAL ${sig:-SIGTERM}
