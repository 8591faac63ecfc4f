"""One module a container. Each reads a Source into a Sink and raises Unreadable where nothing can be read."""
