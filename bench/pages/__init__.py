"""The pages of the desk: asked over the wire, and told of."""
