#!/bin/sh
# Chạy một lần trong hộp cơ sở dữ liệu mới: lập tài khoản thường và kho trống cho Dubi.
set -eu
psql --set ON_ERROR_STOP=1 --set word="$(cat /run/secrets/mat-khau-kho)" --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE dubi LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'word';
CREATE DATABASE dubi OWNER dubi;
SQL
