# escape=`
FROM scratch
ENV a=b` c d="e`"f" g='h`i'
RUN echo `
    x
COPY --chown=a`:b x y`ctd z
RUN <<EOF
\ ` $x
EOF
LABEL x="y ``"
