"""The least that taking in a workbook can cost: `python -m bench.commands.plain_rows FILE STORE`.

Calamine reads the largest sheet, sqlite3 puts its rows into one table, as text and numbers. Nothing is looked at.
"""

from __future__ import annotations

import sqlite3
import sys

from python_calamine import CalamineWorkbook


def main() -> None:
    """Read and insert, and say how many rows there were."""
    file, path = sys.argv[1:]
    book = CalamineWorkbook.from_path(file)
    rows = max((book.get_sheet_by_name(name).to_python() for name in book.sheet_names), key=len)
    width = len(rows[0])
    store = sqlite3.connect(path)
    store.execute("DROP TABLE IF EXISTS rows")
    store.execute(f"CREATE TABLE rows ({', '.join(f'c{number}' for number in range(width))})")
    marks = ", ".join("?" * width)
    with store:
        store.executemany(
            f"INSERT INTO rows VALUES ({marks})",  # noqa: S608  # question marks
            ([value if isinstance(value, (int, float)) else str(value) for value in row] for row in rows),
        )
    print(len(rows))


if __name__ == "__main__":
    main()
