"""The nouns: frozen values that every layer speaks of, and nothing that acts."""
