"""What is printed: the card, its QR code and its signature."""
