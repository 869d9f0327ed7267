"""Engines that answer questions about text and pictures. Imports neither Qt nor `ingest`."""
