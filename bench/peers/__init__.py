"""The engines that are compared: Sightline itself and its peers, all behind one interface."""
