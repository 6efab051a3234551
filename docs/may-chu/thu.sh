#!/bin/sh
# Đi hết các bước của docs/may-chu.md ở một thư mục tạm, bằng chính chương trình đã cài; dừng ngay ở bước hỏng.
# Dùng: DUBI=/usr/local/lib/dubi/bin/dubi ./thu.sh SỔ.xlsx
set -eu
here=$(cd "$(dirname "$0")" && pwd)
book=$(realpath "$1")
dubi=${DUBI:-dubi}
trial=$(mktemp -d)
server=
cleared() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$trial"
}
trap cleared EXIT
umask 077
export DUBI_HOME="$trial/nha"
said() { printf '== %s\n' "$1"; }
# Mã trả lời và nội dung của một địa chỉ, hỏi bằng Python vì máy trắng không có curl; tên máy khác nếu có ghi.
asked() {
    python3 - "$trial/etc/cert.pem" "$@" <<'PYTHON'
import ssl, sys, urllib.error, urllib.request
trusted, address, *other = sys.argv[1:]
without_proxy, by_tls = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(
    context=ssl.create_default_context(cafile=trusted)
)
wanted = urllib.request.Request(address, headers={"Host": other[0]} if other else {})
try:
    answer = urllib.request.build_opener(without_proxy, by_tls).open(wanted, timeout=60)
except urllib.error.HTTPError as refused:
    answer = refused
sys.stdout.buffer.write(b"%d %s\n" % (answer.status, b" ".join(answer.read().split())))
PYTHON
}
new() { head -c 24 /dev/urandom | base64 | tr -d '\n'; }

said "chứng thư"
sh "$here/chung-thu.sh" "$trial/etc" localhost 127.0.0.1

said "kho"
"$dubi" init
"$dubi" import "$book" --apply >/dev/null

said "người dùng"
new >"$trial/etc/quan-tri"
new >"$trial/etc/sao-luu"
"$dubi" user add quan.tri --password-stdin <"$trial/etc/quan-tri"
if "$dubi" check >/dev/null 2>&1; then echo "kho có tài khoản mà không hỏi ai đang dùng" >&2; exit 1; fi
"$dubi" sign-in quan.tri --password-stdin <"$trial/etc/quan-tri"
"$dubi" user add sao-luu --password-stdin <"$trial/etc/sao-luu"
"$dubi" user grant sao-luu admin
"$dubi" user add an.nguyen --one-time
unit=$("$dubi" user grant an.nguyen secretary X 2>&1 || true)
echo "$unit" | grep -q "Không có đơn vị"
"$dubi" sign-out

said "sao lưu như bộ hẹn giờ làm mỗi đêm"
mkdir "$trial/ban-sao"
DUBI_STORE="$DUBI_HOME/dubi.sqlite" && export DUBI_STORE
DUBI_HOME="$trial/ban-sao" "$dubi" sign-in sao-luu --password-stdin <"$trial/etc/sao-luu"
DUBI_HOME="$trial/ban-sao" "$dubi" backup "$trial/ban-sao"
DUBI_HOME="$trial/ban-sao" "$dubi" sign-out
copy=$(ls "$trial"/ban-sao/*.sqlite)

said "thử khôi phục ở nơi khác"
mkdir "$trial/thu"
DUBI_HOME="$trial/thu" DUBI_STORE="$trial/thu/dubi.sqlite" "$dubi" init
DUBI_HOME="$trial/thu" DUBI_STORE="$trial/thu/dubi.sqlite" "$dubi" restore "$copy" --confirm
DUBI_HOME="$trial/thu" DUBI_STORE="$trial/thu/dubi.sqlite" "$dubi" log verify

said "máy chủ"
"$dubi" web --office --host 127.0.0.1 --port 0 --cert "$trial/etc/cert.pem" --key "$trial/etc/key.pem" \
    >"$trial/dia-chi" 2>/dev/null &
server=$!
for _ in $(seq 100); do
    address=$(head -n 1 "$trial/dia-chi")
    [ -z "$address" ] || break
    sleep 0.2
done
asked "$address" | grep -q "^200 .*Đăng nhập"
asked "${address%/vao}/" | grep -q "^401 "
asked "$address" khac.example | grep -q "^421 "
said "xong: mọi bước đều được"
