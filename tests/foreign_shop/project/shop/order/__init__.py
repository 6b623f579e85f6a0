"""Oscar's order app with this shop's own rules, forked as Oscar's documentation has it."""
