"""What daemons are put through; each file is one ordeal, and its name says which."""
