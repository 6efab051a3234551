"""What the columns of a list mean: headings, labels, and the evidence in the cells below them."""
