"""What people read: catalogues, and how digits, dates and money are written."""
