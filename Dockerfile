# The command in a container, with its kernels compiled:
#   docker build -t dedup .
#   docker run --rm -v "$PWD/news:/news:ro" -v "$PWD/out:/out" dedup report /news -o /out/report.json
FROM python:3.13-slim
WORKDIR /opt/dedup
COPY pyproject.toml README.md LICENSE ./
COPY dedup dedup
ENV NUMBA_CACHE_DIR=/var/cache/dedup
RUN pip install --no-cache-dir '.[multilingual,pictures,postgres,readers,serve]' \
    && dedup warm-up \
    && chmod -R a+rwX /var/cache/dedup
WORKDIR /out
ENTRYPOINT ["dedup"]
CMD ["--help"]
