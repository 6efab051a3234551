"""The program for Windows, made on Linux: Python and the wheels as their authors published them, Dubi, and an icon."""
