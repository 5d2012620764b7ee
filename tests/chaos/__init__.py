"""`make chaos`: a real Senim under every fault we know of, in a seeded order, and what PostgreSQL says afterwards."""
