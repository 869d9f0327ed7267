"""Quick Ask: the bar for the question and the card with its answer, over what was on the screen."""
