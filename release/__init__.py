"""What makes a release out of the sources: front-end files brought in; run by hand through `make`, never shipped."""
