"""Tests of the package cases."""
