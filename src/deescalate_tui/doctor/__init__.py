"""What is wrong with the place the program runs in."""
