"""PostgreSQL keeps districts apart by itself: without a word from the door, no row of any tenant table is seen."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction

from commonground.access import rowsecurity, walls
from commonground.access.tenancy import TenantTable
from commonground.demo import cast
from commonground.partnership import actions, queries
from commonground.partnership.models import Invitation, Membership, Partnership, Party, PartyKind

TENANT = [model for model in apps.get_models() if issubclass(model, TenantTable)]


@pytest.fixture
def postgresql(db):
    """The test's connection, where that is one to PostgreSQL; SQLite has no row-level security."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security")
    return connection


def raw(table):
    """Count rows as somebody would who forgot the door."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


def test_the_tests_connect_as_a_plain_role(postgresql):
    assert not rowsecurity.is_passed_by(postgresql)


@pytest.mark.parametrize("model", TENANT, ids=lambda model: model._meta.label)
def test_every_tenant_table_is_locked_to_its_owner_too(model, postgresql):
    assert model._meta.db_table in rowsecurity.locked(postgresql)


def test_a_raw_query_sees_no_row_of_any_tenant_table(valley, neighbor, postgresql):
    with walls.everything(reason="the rows are there"):
        assert raw("partnership_party") == 6 and raw("partnership_membership") > 10
    walls.shut()
    assert not any(raw(model._meta.db_table) for model in TENANT)


def test_through_the_door_the_rows_of_one_district_are_seen(valley, neighbor, postgresql):
    walls.shut()
    assert Party.rows.within(neighbor.partnership.pk).count() == 2
    assert raw("partnership_party") == 2, "the neighbor's alone"
    assert models.QuerySet(Party).filter(partnership=valley.partnership).count() == 0
    assert Party.rows.across_all(reason="a test of the door").count() == 6


def test_a_lazy_query_and_a_related_row_are_seen_after_another_door_opened(valley, neighbor, postgresql):
    walls.shut()
    mine = Membership.rows.within(valley.partnership.pk).filter(party__isnull=False)
    assert Party.rows.within(neighbor.partnership.pk).exists()
    assert {str(row.party) for row in mine} == {*cast.LABOR, cast.MANAGEMENT}


def test_no_row_enters_a_district_that_is_shut(valley, neighbor, postgresql):
    walls.shut()
    walls.open_rows(valley.partnership.pk)
    stray = Party(partnership=neighbor.partnership, name="Stray", short_name="S", kind=PartyKind.LABOR_ORGANIZATION)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        stray.save(force_insert=True)
    assert not Party.rows.within(neighbor.partnership.pk).filter(name="Stray").exists()


def test_no_row_moves_to_a_district_that_is_shut(valley, neighbor, postgresql):
    walls.shut()
    rows = Party.rows.within(valley.partnership.pk).filter(name=cast.TRADES)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        rows.update(partnership_id=neighbor.partnership.pk)


def taken_back(step):
    """Do something in a transaction that is rolled back; return what it gave."""
    with transaction.atomic():
        found = step()
        transaction.set_rollback(True)
    return found


def test_a_rollback_shuts_nothing_and_opens_nothing(valley, neighbor, postgresql):
    own = Party.rows.within(valley.partnership.pk)
    walls.shut()
    assert raw("partnership_party") == 0
    assert taken_back(Party.rows.within(valley.partnership.pk).count) == 4
    assert own.count() == raw("partnership_party") == 4
    walls.shut()
    assert taken_back(own.count) == 0
    assert raw("partnership_party") == 0


def test_a_request_begins_with_every_district_shut(valley, neighbor, client, postgresql):
    walls.open_rows(neighbor.partnership.pk)
    client.force_login(valley.people[cast.LUZ.name])
    assert client.get(valley.url("people/")).status_code == 200
    assert walls.opened() == valley.partnership.pk.hex
    assert raw("partnership_party") == 4


def test_an_act_opens_the_district_of_its_actor(valley, postgresql):
    luz = valley.actor(cast.LUZ)
    walls.shut()
    actions.offer(luz, email="new@chapter212.example", name="New", role="member", party_id=luz.party_id)
    assert Invitation.rows.within(luz.tenant).count() == 1


def test_the_lock_costs_no_query(valley, django_assert_num_queries, postgresql):
    walls.shut()
    with django_assert_num_queries(1):
        assert len(queries.party_names(valley.partnership.pk, [p.pk for p in valley.parties.values()])) == 4


def test_another_session_is_told_anew(valley, postgresql):
    assert Partnership.objects.exists() and raw("partnership_party") == 4
    postgresql._told = None
    assert raw("partnership_party") == 4
