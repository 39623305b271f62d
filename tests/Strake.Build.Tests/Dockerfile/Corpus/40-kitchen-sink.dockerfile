# syntax=docker/dockerfile:1.17
# check=error=true
ARG V=1
FROM --platform=$BUILDPLATFORM debian:${V} AS one
MAINTAINER x
ARG A B=2 C="3 4"
ENV D=$A E=${B:-5}
LABEL f=$D
RUN --network=host echo $E
COPY --link a b /c/
ADD d /e
WORKDIR /g
USER h:i
VOLUME ["/j"]
EXPOSE 1/tcp
SHELL ["/k", "-c"]
CMD l
ENTRYPOINT ["m"]
STOPSIGNAL 15
HEALTHCHECK --retries=1 CMD n
ONBUILD USER o
FROM one
RUN p
