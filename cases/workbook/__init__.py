"""Our own workbook (.xlsx): its columns and sheets, read strictly, written back byte for byte alike."""
