"""Entry widgets for municipalities' websites: the way from there into the right journey."""
