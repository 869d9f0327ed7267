"""The engine that answers elsewhere: the GLM cloud, and any server that speaks the OpenAI chat API."""
