FROM scratch AS a
FROM a AS b
FROM a AS c
FROM b AS d.e-f_g
COPY --from=c / /
FROM scratch
COPY --from=a / /
COPY --from=b / /
COPY --from=d.e-f_g / /
COPY --from=docker.io/library/alpine:3@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d / /
