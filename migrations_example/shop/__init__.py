"""A small shop, whose tables the migrations beside it make."""
