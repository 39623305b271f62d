FROM scratch
COPY --from=0 --chown=app:app --chmod=u+x --link --parents --exclude=*.md --exclude=**/tmp a/./b c* [de] /x/
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a.tar.gz /
ADD --keep-git-dir=true https://example.org/r.git#main:sub /r
ADD --unpack=false --link=false a.tar /a/
ADD ["with blank.tar", "/x y/"]
COPY ["a", "b", "/c/"]
COPY [a] /brackets/
