"""What `bench.measures` measures inside processes: each module asks for some of it and tells of it."""
