"""What every floor may use: results, reports, files, and secrets that do not show."""
