FROM scratch
RUN a \
  b
COPY <<EOF /x
line one
line two
EOF
