# A web application in layers.
FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends \
        python3 \
        python3-pip \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /app/
RUN pip install --no-cache-dir -r /app/requirements.txt
COPY . /app
WORKDIR /app
EXPOSE 8000
ENTRYPOINT ["python3", "-m", "app"]
CMD ["--port", "8000"]
