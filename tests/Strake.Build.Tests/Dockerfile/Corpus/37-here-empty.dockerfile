FROM scratch
RUN <<EOF
EOF
COPY <<A <<B /x/
A

B
