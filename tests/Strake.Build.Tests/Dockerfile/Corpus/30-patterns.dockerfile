FROM scratch
ENV f=archive.tar.gz p=/usr/local/bin v=1.2.3-rc.1
ENV a=${f%.*} b=${f%%.*} c=${p##*/} d=${p%/*} e=${v#*.} g=${v//./_} h=${p/\//:} i=${f#\*}
ENV j=${v%-*} k=${v/?.?/x} l=${v//[0-9]/n}
ENV m="${f%.gz}" n="${missing/x/y}" o=${f/%.gz/}
