FROM scratch
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN a | b
SHELL ["powershell", "-command"]
CMD Write-Host hello
ENTRYPOINT exec top -b
CMD []
ENTRYPOINT []
CMD
