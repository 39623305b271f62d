# José
FROM scratch
LABEL a=ÿ"þ b"
RUN echo Ã(
