FROM scratch
EXPOSE 80 443/tcp 53/udp 1000-1010
VOLUME /var/lib/data
VOLUME ["/x"]
STOPSIGNAL 9
USER nobody
WORKDIR relative
WORKDIR /absolute
