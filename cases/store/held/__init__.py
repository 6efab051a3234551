"""What a store is held to: its anchors outside, what has to be right before a write, what else is not as it is made."""
