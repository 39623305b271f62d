FROM scratch
LABEL título="Ünïcödé — ☂" 名前=値
ENV GREETING=こんにちは EMOJI=🐳
COPY файл.txt /путь/
WORKDIR /ключ/ß
RUN echo "日本語" && echo '🚢'
