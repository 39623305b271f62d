FROM scratch
RUN ["a", "b\"c", "d\\e", "\u00e9\n", ""]
RUN [ "a" , "b" ]
RUN ["not", json]
RUN [ -f /x ] && echo "y"
CMD ["a",]
CMD ['single']
VOLUME ["/a", "/b c"]
VOLUME /a /b
