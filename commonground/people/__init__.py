"""Accounts of the people who work in the committee: sign-in by a code sent to the own mailbox, and own settings.

A `Person` is an account; somebody on the staff list is a `StaffRecord` of the partnership and needs none.
"""
