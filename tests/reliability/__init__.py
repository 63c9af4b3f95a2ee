"""What a docket survives: kills, power cuts, races, full disks, damage, attackers. See docs/explanation/reliability.md."""
