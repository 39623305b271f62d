#!/usr/bin/env builder
# syntax=example/frontend:2
FROM scratch
