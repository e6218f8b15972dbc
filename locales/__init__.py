"""What people read: catalogues, and how digits and dates are written."""
