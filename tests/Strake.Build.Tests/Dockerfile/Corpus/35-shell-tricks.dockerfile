FROM debian
RUN echo $((1+2)) ${x:-y} $(date) `uname` && for i in 1 2 3; do echo "$i"; done
RUN cat <<< "here string" | tr a-z A-Z
RUN test -f /a || { echo no; exit 1; }
RUN echo 'a;b' | awk '{print $1}' > /dev/null 2>&1 &
RUN echo "<" && echo ">>" >> /x
