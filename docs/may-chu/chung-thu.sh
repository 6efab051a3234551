#!/bin/sh
# Làm chứng thư cho máy chủ, tự ký, dùng trong mạng cơ quan: ./chung-thu.sh THƯ-MỤC TÊN-MÁY [ĐỊA-CHỈ-IP]
set -eu
folder=$1 name=$2 address=${3:-}
umask 077
mkdir -p "$folder"
names="DNS:$name${address:+,IP:$address}"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days 825 \
    -subj "/CN=$name" -addext "subjectAltName=$names" -addext "basicConstraints=critical,CA:FALSE" \
    -addext "extendedKeyUsage=serverAuth" \
    -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
openssl x509 -in "$folder/cert.pem" -noout -enddate -fingerprint -sha256
