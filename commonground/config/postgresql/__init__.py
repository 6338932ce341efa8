"""PostgreSQL of the committee's side, with the second lock behind the tenancy door."""
