"""The papers of planning, and the workbook of a plan."""
