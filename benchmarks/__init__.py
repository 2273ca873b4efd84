"""What is measured, and not part of `make test`: speed, and real applications taken round."""
