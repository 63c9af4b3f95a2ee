"""The tests: the law article by article, then properties, records, histories, shell and documents."""
