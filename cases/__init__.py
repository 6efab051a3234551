"""Who and when: people, their cases and steps; the store that keeps them and the workbook a unit keeps."""
