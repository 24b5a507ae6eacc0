#!/bin/sh
# Fetches Neo4j Community as jars, so that tests have a real one without Docker: about 130 MB, once.
# Needs Maven and a JDK 17 or newer. The folder is ~/.cache/linchpin-neo4j unless LINCHPIN_NEO4J_HOME says otherwise.
set -eu

VERSION=5.26.30
HOME_DIR=${LINCHPIN_NEO4J_HOME:-$HOME/.cache/linchpin-neo4j}
LIB="$HOME_DIR/lib-$VERSION"

if [ -d "$LIB" ]; then
  echo "Neo4j $VERSION is there: $LIB"
  exit 0
fi
command -v mvn >/dev/null || { echo "Maven (mvn) is not installed: it fetches Neo4j's jars" >&2; exit 1; }

mkdir -p "$HOME_DIR"
WORK=$(mktemp -d "$HOME_DIR/fetch.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
cat >"$WORK/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>linchpin</groupId>
  <artifactId>neo4j-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>$VERSION</version></dependency>
  </dependencies>
</project>
POM
mvn --batch-mode --quiet --file "$WORK/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$WORK/lib"
# The folder appears whole or not at all.
mv "$WORK/lib" "$LIB" 2>/dev/null || [ -d "$LIB" ]
echo "Neo4j $VERSION fetched: $LIB"
