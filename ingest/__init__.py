"""Files from the outside turned into pictures and text. Imports neither Qt nor `inference`."""
