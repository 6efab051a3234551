"""Files of any kind become grids of text cells: formats, encodings, fonts, marks of a sheet."""
