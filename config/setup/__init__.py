"""The bench sets itself up: python3 -m config.setup COMMAND. CONTRIBUTING.md says which file does what."""
