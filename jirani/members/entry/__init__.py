"""What people write in pages and spreadsheets, and how it is read: numbers, countries, dates that are known in part."""
