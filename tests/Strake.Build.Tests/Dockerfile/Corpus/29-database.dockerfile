FROM debian AS pg
ENV PGDATA /var/lib/postgresql/data
ENV LANG=en_US.utf8 \
    PG_MAJOR=17
RUN set -eux; \
	groupadd -r postgres --gid=999; \
	useradd -r -g postgres --uid=999 postgres; \
	install --verbose --directory --owner postgres --mode 3777 /var/run/postgresql
VOLUME $PGDATA
COPY docker-entrypoint.sh docker-ensure.sh /usr/local/bin/
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
