"""Sightline's application: window, command line and the services between them. The only package that may import Qt."""
