"""Commands of those who sign in: signing in and out, and the accounts themselves."""
