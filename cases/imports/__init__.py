"""Files taken in: our workbook, lists of any kind, several units merged into one."""
