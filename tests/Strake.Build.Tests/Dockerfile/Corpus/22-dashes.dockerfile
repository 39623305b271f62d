FROM scratch
RUN -- --not-a-flag
CMD -- -x
COPY -- --file /dest
USER -- --odd
