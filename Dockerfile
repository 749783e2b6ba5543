# syntax=docker/dockerfile:1
# Two stages: the first makes an environment from a wheel, the second runs it and holds no tools.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/unrolled \
 && /opt/unrolled/bin/python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && set -- /wheels/*.whl \
 && /opt/unrolled/bin/python -m pip install --no-cache-dir --only-binary :all: \
      --constraint constraints.txt "$1[redis]"

FROM ${PYTHON_IMAGE} AS runtime
RUN groupadd --gid 10001 unrolled \
 && useradd --uid 10001 --gid unrolled --no-create-home --no-log-init unrolled \
 && install --directory --owner unrolled --group unrolled /data
COPY --from=build /opt/unrolled /opt/unrolled
ENV PATH=/opt/unrolled/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    UNROLLED_DATABASE=/data/unrolled.sqlite3
# By number, so that a host can check it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["unrolled", "serve", "--host", "0.0.0.0"]
