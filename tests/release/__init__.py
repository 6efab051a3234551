"""What is handed out, tried where it will run."""
