FROM golang:1.25 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/tool ./cmd/tool

FROM scratch AS final
COPY --from=build /out/tool /tool
USER 65532:65532
ENTRYPOINT ["/tool"]
