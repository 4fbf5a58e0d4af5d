"""What tocsin measures of itself. `make bench` runs all; `python -m bench NAME …` runs the ones named."""
