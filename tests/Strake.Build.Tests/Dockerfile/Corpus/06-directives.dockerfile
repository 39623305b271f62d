# syntax=docker/dockerfile:1
# escape=`
# check=skip=JSONArgsRecommended;error=true

FROM base
ENV PATH=C:\tools;D:\x `
    OTHER="a`"b"
COPY a`
b c:\dest\
RUN dir c:\ `
  && dir d:\
