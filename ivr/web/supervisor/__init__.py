"""Supervisor's pages: people, who waits, the menus, the emergency switch, recordings and the audit."""
