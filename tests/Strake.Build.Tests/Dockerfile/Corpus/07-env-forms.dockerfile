FROM scratch
ENV one 1
ENV two  several words  here
ENV three=3 four="4 and four" five='5' six=6\ 6
ENV seven="a\"b" eight='a\b' nine=
ENV legacy a=b c=d
ENV q "quoted \
continued"
