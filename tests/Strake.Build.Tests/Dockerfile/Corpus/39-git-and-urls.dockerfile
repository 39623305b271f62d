FROM scratch
ADD https://example.org/file.txt http://example.org/other /dir/
ADD git@example.org:team/repo.git#v1.0 /repo
ADD --keep-git-dir https://example.org/repo.git?branch=main /r2
ADD archive.tar.xz ./more/*.zip /unpacked/
