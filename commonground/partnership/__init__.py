"""The district and its parties: sites, shifts, job classes, units, languages, roles, and the staff list.

Words: a *partnership* is the standing tie of management and every labor organization of one district (the tenant);
a *party* is one of them; a *membership* is a role that a person holds for a party; a *staff record* is one line of
the staff list, which holds the bargaining unit and never union membership.
"""
