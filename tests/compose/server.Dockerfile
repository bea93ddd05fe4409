# A server without Docker on it, as far as a container can be one: our programs as somebody built them,
# systemd as process 1, and what deploy/install-systemd starts beside them. For systemd_test.py.
ARG DONDOC_VERSION
FROM dondoc/programs:$DONDOC_VERSION
USER root
RUN apt-get update -q > /dev/null && \
    apt-get install -y -q --no-install-recommends systemd systemd-sysv nats-server redis-server openssl procps \
      > /dev/null && rm -rf /var/lib/apt/lists/*
COPY boot /usr/local/bin/boot
# The tree that DONDOC_BUILD names.
RUN mkdir -p /built/bin && ln -s /usr/local/bin/dondoc* /built/bin/ && \
    systemctl disable nats-server redis-server 2> /dev/null
# What it understands as an order to shut down.
STOPSIGNAL SIGRTMIN+3
CMD ["boot"]
