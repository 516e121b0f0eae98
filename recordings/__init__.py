"""What is played and what is kept: tones, music, messages."""
