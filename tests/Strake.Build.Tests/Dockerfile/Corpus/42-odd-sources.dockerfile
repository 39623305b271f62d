FROM scratch
COPY * ? [a-c] [^x] \* a\ b /d/
COPY --parents **/src/*.c ./x/./y /d/
COPY . .
COPY ./ /
COPY $a ${b:-c} "$d" /e
