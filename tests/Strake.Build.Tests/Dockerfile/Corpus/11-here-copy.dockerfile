FROM scratch
COPY <<EOF /etc/one
value=$x
EOF
COPY <<-"TWO" <<three.txt /dir/
	no $x here
TWO
with \$x here
three.txt
COPY --chown=1:2 --chmod=0600 <<'a.conf' plain.txt /dest/
[section]
a.conf
ADD <<robots.txt /usr/share/
User-agent: *
robots.txt
