FROM scratch
ONBUILD COPY . /app
ONBUILD RUN --mount=type=cache,target=/c make
ONBUILD RUN <<EOF
echo built
EOF
onbuild Env A=b
ONBUILD WORKDIR  /x
