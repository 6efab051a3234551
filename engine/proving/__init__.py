"""Rules held against themselves: lint, proofs with a solver, examples, and the pages made of them."""
