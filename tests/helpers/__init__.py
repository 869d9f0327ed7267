"""What the tests share: synthetic questions with known answers, and a plain evaluation to compare the engine with."""
