"""Speed, side by side in one run: ratios against rivals, never times alone."""
