#!/bin/sh
# Fetches a Java program as jars, with everything it needs at run time, once: into FOLDER, which appears whole or not at all.
# usage: fetch-jars.sh NAME FOLDER GROUP:ARTIFACT:VERSION...   Needs Maven and a JDK 17 or newer.
set -eu

NAME=$1 LIB=$2
shift 2

if [ -d "$LIB" ]; then
  echo "$NAME is there: $LIB"
  exit 0
fi
command -v mvn >/dev/null || { echo "Maven (mvn) is not installed: it fetches the jars of $NAME" >&2; exit 1; }

mkdir -p "$(dirname "$LIB")"
WORK=$(mktemp -d "$(dirname "$LIB")/fetch.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
{
  echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
  echo '<groupId>linchpin</groupId><artifactId>jars-for-tests</artifactId><version>1</version><dependencies>'
  for ARTIFACT in "$@"; do
    echo "$ARTIFACT" | sed 's|\(.*\):\(.*\):\(.*\)|<dependency><groupId>\1</groupId><artifactId>\2</artifactId><version>\3</version></dependency>|'
  done
  echo '</dependencies></project>'
} >"$WORK/pom.xml"
mvn --batch-mode --quiet --file "$WORK/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$WORK/lib"
mv "$WORK/lib" "$LIB" 2>/dev/null || [ -d "$LIB" ]
echo "$NAME fetched: $LIB"
