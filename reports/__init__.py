"""Findings and figures as papers: each module knows one paper, none works out a finding or a figure."""
