"""What `inference` and `ingest` both stand on: picture cells, messages over pipes, a folder under a size limit. Imports neither."""
