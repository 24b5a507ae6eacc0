#!/bin/sh
# Fetches Apache Kafka as jars, so that tests have a real broker without Docker: about 45 MB, once.
# The folder is ~/.cache/linchpin-kafka unless LINCHPIN_KAFKA_HOME says otherwise.
set -eu

VERSION=4.1.1
exec "$(dirname "$0")/fetch-jars.sh" "Kafka $VERSION" "${LINCHPIN_KAFKA_HOME:-$HOME/.cache/linchpin-kafka}/lib-$VERSION" \
  "org.apache.kafka:kafka_2.13:$VERSION"
