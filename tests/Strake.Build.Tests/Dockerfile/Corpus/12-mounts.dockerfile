FROM debian
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update
RUN --mount=type=secret,id=token,env=TOKEN --mount=type=ssh git clone x
RUN --mount=type=secret,id=npm,target=/root/.npmrc,mode=0400,uid=1000,required=true npm ci
RUN --mount=type=tmpfs,target=/tmp,size=64m --mount=from=build,source=/out,target=/in,rw make
RUN --mount="type=bind,source=a b,target=/x" --network=none --security=insecure true
RUN --mount=type=bind,target=. cp -r . /out
