FROM scratch
RUN cat <<"two words" <<X
one
two words
x
X
COPY <<a.b-c_d <<2nd /d/
1
a.b-c_d
2
2nd
RUN 3<<FD cat
three
FD
