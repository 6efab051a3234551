"""Writing what was made as .xlsx, .docx, .pdf, .html, CSV, JSON."""
