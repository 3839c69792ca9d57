"""Plans under /iku: seen, copied to the next period, changed by a form or by a workbook."""
