#!/bin/sh
# Lần đầu hộp PostgreSQL chạy: tài khoản của kho, không phải superuser, không qua được row-level security.
set -eu
psql -v ON_ERROR_STOP=1 -v mat_khau="$(cat /run/secrets/mat-khau-kho)" --username postgres <<'SQL'
CREATE ROLE dubi LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'mat_khau';
CREATE DATABASE dubi OWNER dubi;
SQL
