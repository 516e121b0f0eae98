"""Who takes which matter: queues, agents, offers. Knows no telephones."""
