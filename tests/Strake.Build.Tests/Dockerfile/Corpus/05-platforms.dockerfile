FROM --platform=$BUILDPLATFORM alpine AS build
ARG TARGETOS TARGETARCH
RUN make OS=$TARGETOS ARCH=$TARGETARCH
FROM --platform=linux/amd64 alpine
COPY --from=build /out /
