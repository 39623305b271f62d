FROM scratch
ENV a="it's" b='say "hi"' c="a"'b'"c" d=a"b c"d
ENV e="$x" f='$x' g="\$x" h=\$x i="\\" j='\' k="a\b"
LABEL l="line \
two" m='x'
ARG n="o p"
