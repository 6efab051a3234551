"""Files of any kind become grids of cells: workbooks of every format, and text of separated values."""
