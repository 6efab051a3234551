#!/bin/sh
# The main job on the shipped roster of invented people, from an empty store to the list on paper.
set -eu

cd "$(dirname "$0")/.."
roster=examples/dang-bo-co-so.xlsx
out=build/demo
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export DUBI_HOME="$home"
mkdir -p "$out"

heading() {
    printf '\n\n=== %s ===\n' "$1"
}

show() {
    printf '\n$ dubi %s\n' "$*"
    dubi "$@"
}

heading "1. Tạo kho và nhập sổ theo dõi: xem trước, rồi mới ghi"
show init
show import "$roster"
show import "$roster" --apply

heading "2. Ai quá hạn, ai vướng vào ngày 31/10/2024, đang chờ ai, theo điều khoản nào"
show check --as-of 31/10/2024

heading "3. Vì sao một hồ sơ bị báo quá hạn"
printf '\n$ dubi explain HS-0138 --as-of 31/10/2024\n'
dubi explain HS-0138 --as-of 31/10/2024 >"$out/giai-thich.txt"
sed -n '1,/^Đã xét, không có gì/p' "$out/giai-thich.txt"
printf '  … từng quy tắc không có phát hiện, với lý do: xem tệp %s\n' "$out/giai-thich.txt"

heading "4. Những hạn đến trong 30 ngày sau đó"
show due --within 30 --as-of 31/10/2024

heading "5. Số liệu của nhiệm kỳ 01/7/2020 – 31/10/2024, trong đó có chuyển đảng chính thức"
show stats --from 01/07/2020 --to 31/10/2024 --only recognition --only member --only admission.total

heading "6. Danh sách quá hạn và vướng để in"
printf '\n$ dubi check --as-of 31/10/2024 --xlsx %s --force\n' "$out/qua-han.xlsx"
dubi check --as-of 31/10/2024 --xlsx "$out/qua-han.xlsx" --force >/dev/null

heading "Xong"
printf 'Danh sách để in: %s\nMọi người trong sổ mẫu đều không có thật. Xem các lệnh: .venv/bin/dubi --help\n' "$out/qua-han.xlsx"
