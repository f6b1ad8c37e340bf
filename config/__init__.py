"""What turns this repository into a running bench: set-up, the framework's build files, lint, server templates."""
