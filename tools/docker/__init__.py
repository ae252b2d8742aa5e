"""What only the containers need."""
