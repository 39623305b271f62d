FROM scratch
LABEL org.example.title="A title" org.example.version=1.0 "with blank"="x y"
LABEL multi.one="1" \
      multi.two="2" \
      # a comment between
      multi.three="3"
LABEL old style label with blanks
