#!/bin/sh
# Fetches Neo4j Community as jars, so that tests have a real one without Docker: about 130 MB, once.
# Needs Maven and a JDK 17 or newer. The folder is ~/.cache/linchpin-neo4j unless LINCHPIN_NEO4J_HOME says otherwise.
set -eu

VERSION=5.26.30
exec "$(dirname "$0")/fetch-jars.sh" "Neo4j $VERSION" "${LINCHPIN_NEO4J_HOME:-$HOME/.cache/linchpin-neo4j}/lib-$VERSION" \
  "org.neo4j:neo4j:$VERSION" "org.neo4j.app:neo4j-server:$VERSION"
