"""Conversations without Qt: turns, requests and answers."""
