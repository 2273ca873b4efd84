"""What runs in the environments of the applications, started by path."""
